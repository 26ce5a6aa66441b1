import type { FlagDefinition, FlagSetDocument, Rule } from '#core/contract/model/flags.ts';

interface Revision {
  version: number;
  updatedAt: string;
  updatedBy: string;
}

export type FlagRecord = FlagDefinition & Revision;
export type EvaluatorRecord = Revision & { rule: Rule };

/** Every definition at one version: kept and read as one, so that nobody ever sees half a change. */
export interface FlagSet {
  version: number;
  /** How `fractional` hashes. Other engines bucket otherwise, so a set says which it was made for. */
  bucketing: 'v2';
  metadata: NonNullable<FlagSetDocument['metadata']>;
  flags: Readonly<Record<string, FlagRecord>>;
  evaluators: Readonly<Record<string, EvaluatorRecord>>;
  /** The last version of what was deleted, from which it goes on if it is made again. */
  deleted: { flags: Readonly<Record<string, number>>; evaluators: Readonly<Record<string, number>> };
}

/** The set before anyone defined a flag. */
export const emptyFlagSet: FlagSet = {
  version: 0,
  bucketing: 'v2',
  metadata: {},
  flags: {},
  evaluators: {},
  deleted: { flags: {}, evaluators: {} },
};

/** The entry of a name, and never what every object inherits. */
export const entryOf = <T>(entries: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined;

/** The definition without what the set keeps of its changes. */
export const definitionOf = ({
  version: _v,
  updatedAt: _at,
  updatedBy: _by,
  ...definition
}: FlagRecord): FlagDefinition => definition;

/** The set as a flagd document: what an export gives and an import takes. */
export const documentOf = (set: FlagSet): FlagSetDocument => ({
  metadata: { ...set.metadata, version: String(set.version), bucketing: set.bucketing },
  flags: Object.fromEntries(Object.entries(set.flags).map(([key, flag]) => [key, definitionOf(flag)])),
  $evaluators: Object.fromEntries(Object.entries(set.evaluators).map(([name, { rule }]) => [name, rule])),
});
