import type { Tenant } from '#core/contract/model/tenant.ts';

type Metadata = Tenant['metadata'];

/** A name–value pair as typed. */
export interface Entry {
  key: string;
  value: string;
}

/** Parses `true`, `false` and numbers; everything else is text. */
const valueOf = (text: string): Metadata[string] => {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
};

/** Parses metadata as typed. Unchanged values keep their type: the text `40` does not become a number. */
export const metadataOf = (entries: readonly Entry[], read: Metadata = {}): Metadata =>
  Object.fromEntries(
    entries.map(({ key, value }) => {
      const before = Object.hasOwn(read, key) ? read[key] : undefined;
      return [key, before !== undefined && String(before) === value ? before : valueOf(value)];
    }),
  );

export const entriesOf = (metadata: Metadata): Entry[] =>
  Object.entries(metadata).map(([key, value]) => ({ key, value: String(value) }));
