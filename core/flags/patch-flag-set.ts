import { digest } from '#core/audit/audit-chain.ts';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { definitionOf, type EvaluatorRecord, entryOf, type FlagRecord, type FlagSet } from './flag-set.ts';

/** The requested changes: a definition by name, or `null` to delete it. */
export interface SetPatch {
  flags?: Readonly<Record<string, FlagDefinition | null>>;
  evaluators?: Readonly<Record<string, Rule | null>>;
  metadata?: FlagSet['metadata'];
}

/** One entry that a patch changes, and its new version. */
export interface Revised<T> {
  name: string;
  version: number;
  before?: T;
  after?: T;
}

export interface PatchedSet {
  next: FlagSet;
  flags: readonly Revised<FlagDefinition>[];
  evaluators: readonly Revised<Rule>[];
}

interface Revision {
  version: number;
  updatedAt: string;
  updatedBy: string;
}

/**
 * The set after a patch, as its next version; `undefined` if the patch changes nothing. Does not validate: see
 * `assertValid`.
 */
export const patchFlagSet = (
  set: FlagSet,
  patch: SetPatch,
  { now, by }: { now: string; by: string },
): PatchedSet | undefined => {
  const revision = { updatedAt: now, updatedBy: by };
  const flags = patched(set.flags, set.deleted.flags, patch.flags ?? {}, {
    valueOf: definitionOf,
    recordOf: (definition, version): FlagRecord => ({ ...definition, version, ...revision }),
  });
  const evaluators = patched(set.evaluators, set.deleted.evaluators, patch.evaluators ?? {}, {
    valueOf: ({ rule }: EvaluatorRecord) => rule,
    recordOf: (rule, version): EvaluatorRecord => ({ rule, version, ...revision }),
  });
  const metadata = patch.metadata ?? set.metadata;
  if (flags.revised.length + evaluators.revised.length === 0 && isSame(metadata, set.metadata)) return undefined;
  return {
    next: {
      ...set,
      version: set.version + 1,
      metadata,
      flags: flags.entries,
      evaluators: evaluators.entries,
      deleted: { flags: flags.deleted, evaluators: evaluators.deleted },
    },
    flags: flags.revised,
    evaluators: evaluators.revised,
  };
};

interface Kind<T, R extends Revision> {
  valueOf: (record: R) => T;
  recordOf: (value: T, version: number) => R;
}

const patched = <T, R extends Revision>(
  before: Readonly<Record<string, R>>,
  deletedBefore: Readonly<Record<string, number>>,
  patch: Readonly<Record<string, T | null>>,
  { valueOf, recordOf }: Kind<T, R>,
) => {
  const entries = { ...before };
  const deleted = { ...deletedBefore };
  const revised: Revised<T>[] = [];
  for (const [name, value] of Object.entries(patch)) {
    const old = entryOf(before, name);
    const was = old && valueOf(old);
    if (value === null ? old === undefined : was !== undefined && isSame(was, value)) continue;
    const version = (old?.version ?? entryOf(deletedBefore, name) ?? 0) + 1;
    if (value === null) {
      delete entries[name];
      deleted[name] = version;
    } else {
      entries[name] = recordOf(value, version);
      delete deleted[name];
    }
    revised.push({ name, version, ...(was !== undefined && { before: was }), ...(value !== null && { after: value }) });
  }
  return { entries, deleted, revised };
};

/** The changes of these flags between two versions of the set. */
export const revisionsBetween = (before: FlagSet, after: FlagSet, keys: readonly string[]): Revised<FlagDefinition>[] =>
  keys.map((name) => {
    const [was, is] = [entryOf(before.flags, name), entryOf(after.flags, name)];
    return {
      name,
      version: is?.version ?? entryOf(after.deleted.flags, name) ?? 1,
      ...(was && { before: definitionOf(was) }),
      ...(is && { after: definitionOf(is) }),
    };
  });

const isSame = (a: unknown, b: unknown) => digest(a) === digest(b);

/** The patch that turns a set into a document's content; flags and evaluators that it lacks are deleted. */
export const patchToward = (
  set: FlagSet,
  flags: Readonly<Record<string, FlagDefinition>>,
  evaluators: Readonly<Record<string, Rule>>,
): SetPatch => ({
  flags: { ...nulls(set.flags, flags), ...flags },
  evaluators: { ...nulls(set.evaluators, evaluators), ...evaluators },
});

const nulls = (before: object, after: object) =>
  Object.fromEntries(
    Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .map((name) => [name, null]),
  );
