import type { Tenant } from '#core/contract/model/tenant.ts';

type Metadata = Tenant['metadata'];

/** A name and its value as they are typed. */
export interface Entry {
  key: string;
  value: string;
}

/** `true`, `false` and numbers are taken for what they are; all else is text. */
const valueOf = (text: string): Metadata[string] => {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
};

/** Metadata as typed. What still reads as it was read stays what it was: the text `40` does not become a number. */
export const metadataOf = (entries: readonly Entry[], read: Metadata = {}): Metadata =>
  Object.fromEntries(
    entries.map(({ key, value }) => {
      const before = Object.hasOwn(read, key) ? read[key] : undefined;
      return [key, before !== undefined && String(before) === value ? before : valueOf(value)];
    }),
  );

export const entriesOf = (metadata: Metadata): Entry[] =>
  Object.entries(metadata).map(([key, value]) => ({ key, value: String(value) }));
