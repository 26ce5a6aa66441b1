import type { FlagDefinition, FlagSetDocument, Rule } from '#core/contract/model/flags.ts';

interface Revision {
  version: number;
  updatedAt: string;
  updatedBy: string;
}

export type FlagRecord = FlagDefinition & Revision;
export type EvaluatorRecord = Revision & { rule: Rule };

/** Every definition at one version; stored and read as one, so that no reader sees half a change. */
export interface FlagSet {
  version: number;
  /** The hash algorithm of `fractional`, which differs between engine versions. */
  bucketing: 'v2';
  metadata: NonNullable<FlagSetDocument['metadata']>;
  flags: Readonly<Record<string, FlagRecord>>;
  evaluators: Readonly<Record<string, EvaluatorRecord>>;
  /** The last versions of deleted flags and evaluators, which continue if they are created again. */
  deleted: { flags: Readonly<Record<string, number>>; evaluators: Readonly<Record<string, number>> };
}

/** The initial set. */
export const emptyFlagSet: FlagSet = {
  version: 0,
  bucketing: 'v2',
  metadata: {},
  flags: {},
  evaluators: {},
  deleted: { flags: {}, evaluators: {} },
};

/** The entry of a name, ignoring inherited properties. */
export const entryOf = <T>(entries: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined;

/** The definition without its revision. */
export const definitionOf = ({
  version: _v,
  updatedAt: _at,
  updatedBy: _by,
  ...definition
}: FlagRecord): FlagDefinition => definition;

/** The set as a flagd document, for export and import. */
export const documentOf = (set: FlagSet): FlagSetDocument => ({
  metadata: { ...set.metadata, version: String(set.version), bucketing: set.bucketing },
  flags: Object.fromEntries(Object.entries(set.flags).map(([key, flag]) => [key, definitionOf(flag)])),
  $evaluators: Object.fromEntries(Object.entries(set.evaluators).map(([name, { rule }]) => [name, rule])),
});
