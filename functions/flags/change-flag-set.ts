import type { Cause, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { decideChange } from '#core/flags/change-flag-set.ts';
import type { FlagSet } from '#core/flags/flag-set.ts';
import { type PatchedSet, patchFlagSet, type SetPatch } from '#core/flags/patch-flag-set.ts';
import { assertValid, needsApproval, type Subject } from '#core/flags/validate-patch.ts';
import { deps } from '#functions/deps.ts';
import { newChangeWrites } from '#stores/flags/changes.ts';
import { flagSetWrites, readFlagSet } from '#stores/flags/flag-set.ts';
import { listOverrides } from '#stores/flags/overrides.ts';
import { commit, isOutdated } from '#stores/registry/commit.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { startOperation } from '#stores/workflows/executions.ts';

export interface AskedChange {
  subject: Subject;
  cause: Cause;
  reason?: string | undefined;
  /** Judges the set as it is now, with the errors a caller must be told, and says what is to change. */
  decide: (set: FlagSet) => SetPatch;
  /** `given` where a second administrator has approved, or where none is asked: the kill switch. */
  approval: 'asked' | 'given';
  /** Writes that belong to the change, and what its audit event tells of them. */
  besides?: { writes: readonly Write[]; after: Readonly<Record<string, string>> };
}

/** The set after the change, and what came of it. Where approval is asked for, nothing is changed yet. */
export type Outcome =
  | { kind: 'unchanged'; set: FlagSet }
  | { kind: 'changed'; set: FlagSet; patched: PatchedSet; operationId: string }
  | { kind: 'needs-approval'; set: FlagSet; flags: readonly string[] };

/**
 * The one way to change definitions: decides on the set as it is, commits the next version with its audit events, and
 * starts what carries it to the tenants. When another change came first, everything is decided anew.
 */
export const changeFlagSet = (asked: AskedChange): Promise<Outcome> =>
  retryOnConflict({ isConflict: isOutdated }, async (): Promise<Outcome> => {
    const { set } = await readFlagSet();
    const patched = patchFlagSet(set, asked.decide(set), { now: deps.now(), by: asked.cause.actor.id });
    if (!patched) return { kind: 'unchanged', set };
    await assertMayChange(set, patched, asked.subject);
    const guarded = asked.approval === 'asked' ? needsApproval(set, patched) : [];
    if (guarded.length > 0) return { kind: 'needs-approval', set, flags: guarded };
    const operation = await commitChange(asked, patched);
    await startOperation(operation);
    return { kind: 'changed', set: patched.next, patched, operationId: operation.id };
  });

const commitChange = async ({ subject, cause, reason, besides }: AskedChange, patched: PatchedSet) => {
  const ids = { operationId: deps.newOperationId(), now: deps.now() };
  const { operation, stream, audit } = decideChange({
    patched,
    subject,
    cause,
    reason,
    ...ids,
    auditDetails: besides?.after,
  });
  const setWrites = await flagSetWrites(patched.next);
  const writes = [...(besides?.writes ?? []), ...setWrites, ...newChangeWrites(operation, patched.next.version)];
  await commit({ stream, cause, writes, audit });
  return operation;
};

/** Refuses what does not hold together, and what would take a variant away from under an override. */
export const assertMayChange = async (set: FlagSet, patched: PatchedSet, subject: Subject): Promise<void> => {
  assertValid(set, patched, subject);
  for (const { name, before, after } of patched.flags) {
    const lost = Object.keys(before?.variants ?? {}).filter(
      (variant) => !Object.hasOwn(after?.variants ?? {}, variant),
    );
    if (lost.length > 0) await assertNotOverridden(name, lost);
  }
};

const assertNotOverridden = async (flagKey: string, variants: readonly string[]) => {
  let cursor: string | undefined;
  do {
    const page = await listOverrides(flagKey, 200, cursor);
    const used = page.items.find(({ variant }) => variants.includes(variant));
    if (used) {
      const message = `Variant "${used.variant}" of "${flagKey}" is fixed for tenant ${used.tenantId}. Remove the override first.`;
      throw new AppError('in_use', message);
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
};
