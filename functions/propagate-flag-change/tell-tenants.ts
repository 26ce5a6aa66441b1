import type { AuditDraft, Key, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { flagSetStream, flagStream } from '#core/contract/events/catalogue.ts';
import type { Flip } from '#core/contract/model/flag-changes.ts';
import { affectedFlags, withPrerequisites } from '#core/flags/affected-flags.ts';
import { type FlagChange, flagChanged, flipDrafts } from '#core/flags/change-flag-set.ts';
import { type CompiledFlagSet, compileFlagSet } from '#core/flags/compile-flag-set.ts';
import { flipsOf } from '#core/flags/flips.ts';
import { revisionsBetween } from '#core/flags/patch-flag-set.ts';
import { keys } from '#core/keys.ts';
import { deps } from '#functions/deps.ts';
import { type FlagTaskInput, fleetTask } from '#functions/shell/task.ts';
import { putChange, putSpread, readChange, readSpread, type Spread } from '#stores/flags/changes.ts';
import { readFlagSetAt, readFlagSetVersion } from '#stores/flags/flag-set.ts';
import { overridesOfFlags } from '#stores/flags/overrides.ts';
import { commit } from '#stores/registry/commit.ts';
import { type ServedTenant, servedTenants } from '#stores/registry/tenant-facts.ts';
import { inBatches } from './in-batches.ts';

interface Carried {
  /** Nothing is left for this run: all is carried, or another run carries it. */
  done: boolean;
}

const tenantsPerStep = 200;
/** Each writes to streams of its own; more at once would only crowd the function. */
const atOnce = 16;

/**
 * One step of carrying changes to the tenants they touch: tells the next tenants of the first change that is not
 * carried yet. Changes go in the order of their versions, so that a tenant's stream tells them so. A step that is
 * repeated tells nobody twice.
 */
export const tellTenants = async ({ flagSetVersion }: FlagTaskInput): Promise<Carried> => {
  const spread = await readSpread();
  // An earlier change is still being carried; whoever carries it goes on with this one.
  if (spread.done < flagSetVersion - 1) return { done: true };
  if (spread.done >= (await readFlagSetVersion())) return { done: true };
  const change = await readChange(spread.done + 1);
  if (!change) throw new AppError('internal', `Change ${spread.done + 1} of the flag set is not on record.`);
  return carry(change, spread);
};

const carry = async (change: FlagChange, spread: Spread): Promise<Carried> => {
  const before = compileFlagSet(await readFlagSetAt(change.flagSetVersion - 1));
  const after = compileFlagSet(await readFlagSetAt(change.flagSetVersion), before);
  if (spread.after === undefined && change.target.type === 'flagset') await tellFlags(change, before, after);
  const tenants = await nextTenants(spread.after);
  const flips = await flipsFor(change, tenants, { before, after });
  await inBatches(atOnce, [...Map.groupBy(flips, ({ tenantId }) => tenantId).values()], (ofTenant) =>
    tellTenant(change, ofTenant),
  );
  const last = tenants.length < tenantsPerStep ? undefined : tenants.at(-1)?.tenantId;
  return moveOn(change, spread, last, { tenants: tenants.length, flips: flips.length });
};

const nextTenants = async (after: string | undefined): Promise<ServedTenant[]> => {
  const found: ServedTenant[] = [];
  for await (const tenant of servedTenants(after)) {
    found.push(tenant);
    if (found.length === tenantsPerStep) break;
  }
  return found;
};

/** A tenant that was not there yet when the change was made has been given nothing else before. */
const flipsFor = async (
  { changed, startedAt }: FlagChange,
  tenants: readonly ServedTenant[],
  sets: { before: CompiledFlagSet; after: CompiledFlagSet },
): Promise<Flip[]> => {
  const both = [sets.before.set, sets.after.set];
  const flagKeys = affectedFlags(both, changed);
  const overrides = await overridesOfFlags(withPrerequisites(both, flagKeys));
  return tenants
    .filter(({ createdAt }) => createdAt <= startedAt)
    .flatMap((tenant) => flipsOf(sets, flagKeys, tenant, overrides.get(tenant.tenantId) ?? {}));
};

/** An import is one event of the set's stream; each flag's own stream is told here. */
const tellFlags = (change: FlagChange, before: CompiledFlagSet, after: CompiledFlagSet) =>
  inBatches(atOnce, revisionsBetween(before.set, after.set, change.changed.flags), (revised) =>
    tellOnce(flagStream(revised.name), change, keys.flagEvent(revised.name, change.flagSetVersion), [
      flagChanged(revised, { ...change, operationId: change.id }),
    ]),
  );

/** A transaction holds 100 writes: the events, the head of their stream and the mark that they are told. */
const eventsAtOnce = 90;

const tellTenant = async (change: FlagChange, flips: readonly Flip[]) => {
  const tenantId = flips[0]?.tenantId ?? '';
  for (let from = 0; from < flips.length; from += eventsAtOnce) {
    const mark = keys.flip(tenantId, change.flagSetVersion, from / eventsAtOnce);
    await tellOnce(tenantId, change, mark, flipDrafts(change, flips.slice(from, from + eventsAtOnce)));
  }
};

/** Commits the events with a mark, unless the mark is there: an earlier try has told them then. */
const tellOnce = async (stream: string, change: FlagChange, mark: Key, audit: readonly AuditDraft[]) => {
  const otherwise = { code: 'operation_ended', message: `${stream} was told of change ${change.id}.` } as const;
  const item = { ...mark, operationId: change.id };
  const write: Write = { kind: 'put', table: 'flags', item, guard: { condition: { absent: true }, otherwise } };
  try {
    await commit({ stream, cause: change.cause, writes: [write], audit });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'operation_ended')) throw error;
  }
};

const moveOn = async (
  change: FlagChange,
  spread: Spread,
  last: string | undefined,
  found: FlagChange['progress'],
): Promise<Carried> => {
  const progress = {
    tenants: change.progress.tenants + found.tenants,
    flips: change.progress.flips + found.flips,
  };
  const isOver = last === undefined;
  const next = isOver ? { done: change.flagSetVersion } : { done: spread.done, after: last };
  const moved: FlagChange = { ...change, progress, ...(isOver && { status: 'succeeded', endedAt: deps.now() }) };
  try {
    const writes = [putSpread(spread, next), putChange(moved)];
    await commit({ stream: flagSetStream, cause: change.cause, writes, audit: [] });
    return { done: false };
  } catch (error) {
    // Another run took the same step, and goes on.
    if (error instanceof AppError && error.code === 'version_conflict') return { done: true };
    throw error;
  }
};

export const handler = fleetTask('tell-tenants', tellTenants);
