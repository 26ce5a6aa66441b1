import type { AuditDraft, Key, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { flagSetStream, flagStream } from '#core/contract/events/catalogue.ts';
import type { Flip } from '#core/contract/model/flag-changes.ts';
import { affectedFlags, withPrerequisites } from '#core/flags/affected-flags.ts';
import { type FlagChange, flagChanged, flagChangeOf, flipDrafts } from '#core/flags/change-flag-set.ts';
import { type CompiledFlagSet, compileFlagSet } from '#core/flags/compile-flag-set.ts';
import { flipsOf } from '#core/flags/flips.ts';
import { revisionsBetween } from '#core/flags/patch-flag-set.ts';
import { keys } from '#core/keys.ts';
import { completeStep, withProgress } from '#core/operation/operation.ts';
import { putOperation } from '#core/operation/writes.ts';
import { deps } from '#functions/deps.ts';
import { type TaskInput, task } from '#functions/shell/task.ts';
import { type PropagationCursor, putCursor, readChange, readCursor } from '#stores/flags/changes.ts';
import { readFlagSetAt, readFlagSetVersion } from '#stores/flags/flag-set.ts';
import { overridesOfFlags } from '#stores/flags/overrides.ts';
import { commit } from '#stores/registry/commit.ts';
import { findOperation } from '#stores/registry/operations.ts';
import { countServedTenants, type ServedTenant, servedTenants } from '#stores/registry/tenant-facts.ts';
import { inBatches } from './in-batches.ts';

interface Propagated {
  /** Nothing is left for this run: all is propagated, or another run does it. */
  done: boolean;
}

const tenantsPerStep = 200;
/** Each writes to streams of its own; more at once would only crowd the function. */
const atOnce = 16;

/**
 * One step of propagating changes to the tenants they touch: writes the next tenants' audit events of the first change
 * that is not propagated yet. Changes go in the order of their versions, so that a tenant's stream has them in order.
 * A step that is repeated writes no event twice.
 */
export const propagateToTenants = async (input: TaskInput): Promise<Propagated> => {
  const operation = await findOperation(input.operationId, input.subject);
  if (!operation) throw new AppError('not_found', `There is no operation ${input.operationId}.`);
  const { flagSetVersion } = flagChangeOf(operation);
  const cursor = await readCursor();
  // An earlier change is still on its way; the run that propagates it goes on with this one.
  if (cursor.done < flagSetVersion - 1) return { done: true };
  if (cursor.done >= (await readFlagSetVersion())) return { done: true };
  const change = await readChange(cursor.done + 1);
  if (!change) throw new AppError('internal', `Change ${cursor.done + 1} of the flag set is not on record.`);
  return propagate(change, cursor, input.attempt + 1);
};

const propagate = async (change: FlagChange, cursor: PropagationCursor, attempts: number): Promise<Propagated> => {
  const before = compileFlagSet(await readFlagSetAt(change.flagSetVersion - 1));
  const after = compileFlagSet(await readFlagSetAt(change.flagSetVersion), before);
  const isFirst = cursor.after === undefined;
  if (isFirst && change.target.type === 'flagset') await tellFlags(change, before, after);
  const total = isFirst ? await countServedTenants() : change.operation.progress?.total;
  const tenants = await nextTenants(cursor.after);
  const flips = await flipsFor(change, tenants, { before, after });
  await inBatches(atOnce, [...Map.groupBy(flips, ({ tenantId }) => tenantId).values()], (ofTenant) =>
    tellTenant(change, ofTenant),
  );
  const last = tenants.length < tenantsPerStep ? undefined : tenants.at(-1)?.tenantId;
  return moveOn(change, cursor, { last, total, tenants: tenants.length, flips: flips.length, attempts });
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
  { changed, operation: { startedAt } }: FlagChange,
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

/** An import is one event in the set's stream; here it is written into each flag's own stream. */
const tellFlags = (change: FlagChange, before: CompiledFlagSet, after: CompiledFlagSet) =>
  inBatches(atOnce, revisionsBetween(before.set, after.set, change.changed.flags), (revised) =>
    tellOnce(flagStream(revised.name), change, keys.flagEvent(revised.name, change.flagSetVersion), [
      flagChanged(revised, { ...change, operationId: change.operation.id, reason: change.operation.reason }),
    ]),
  );

/** A transaction holds 100 writes: the events, the head of their stream and the mark that they are written. */
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
  const otherwise = {
    code: 'operation_ended',
    message: `${stream} has the events of change ${change.operation.id}.`,
  } as const;
  const item = { ...mark, operationId: change.operation.id };
  const write: Write = { kind: 'put', table: 'flags', item, guard: { condition: { absent: true }, otherwise } };
  try {
    await commit({ stream, cause: change.cause, writes: [write], audit });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'operation_ended')) throw error;
  }
};

interface Reached {
  /** The last tenant of this step; none where it was the change's last step. */
  last: string | undefined;
  total: number | undefined;
  tenants: number;
  flips: number;
  attempts: number;
}

const moveOn = async (
  { operation, flagSetVersion, cause }: FlagChange,
  cursor: PropagationCursor,
  { last, total, tenants, flips, attempts }: Reached,
): Promise<Propagated> => {
  const done = (operation.progress?.done ?? 0) + tenants;
  const details = { ...operation.details, flips: Number(operation.details?.['flips'] ?? 0) + flips };
  const isOver = last === undefined;
  // Tenants come and go on the way: once all are done, so many there were.
  const moved = withProgress({ ...operation, details }, { done, ...(isOver ? { total: done } : total && { total }) });
  const next = isOver ? completeStep(moved, 'propagate-to-tenants', attempts, deps.now()) : moved;
  const nextCursor = isOver ? { done: flagSetVersion } : { done: cursor.done, after: last };
  try {
    const writes = [putCursor(cursor, nextCursor), ...putOperation(operation, next)];
    await commit({ stream: flagSetStream, cause, writes, audit: [] });
    return { done: false };
  } catch (error) {
    // Another run took the same step, and goes on.
    if (error instanceof AppError && ['version_conflict', 'operation_ended'].includes(error.code))
      return { done: true };
    throw error;
  }
};

export const handler = task('propagate-to-tenants', propagateToTenants);
