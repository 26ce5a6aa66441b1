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

export interface ChangeRequest {
  subject: Subject;
  cause: Cause;
  reason?: string | undefined;
  /** Validates the request against the current set and returns the patch. */
  decide: (set: FlagSet) => SetPatch;
  /** `granted` if a second administrator has approved, or if the change needs no approval, as the kill switch. */
  approval: 'required' | 'granted';
  /** Further writes of the change, and what its audit event says about them. */
  extra?: { writes: readonly Write[]; auditDetails: Readonly<Record<string, string>> };
}

/** The result and the set after it; `needs-approval` has changed nothing. */
export type Outcome =
  | { kind: 'unchanged'; set: FlagSet }
  | { kind: 'changed'; set: FlagSet; patched: PatchedSet; operationId: string }
  | { kind: 'needs-approval'; set: FlagSet; flags: readonly string[] };

/**
 * The only way to change definitions: decides on the current set, commits the next version with its audit events, and
 * starts its propagation to the tenants. If another change came first, it decides again.
 */
export const changeFlagSet = (request: ChangeRequest): Promise<Outcome> =>
  retryOnConflict({ isConflict: isOutdated }, async (): Promise<Outcome> => {
    const { set } = await readFlagSet();
    const patched = patchFlagSet(set, request.decide(set), { now: deps.now(), by: request.cause.actor.id });
    if (!patched) return { kind: 'unchanged', set };
    await assertMayChange(set, patched, request.subject);
    const guarded = request.approval === 'required' ? needsApproval(set, patched) : [];
    if (guarded.length > 0) return { kind: 'needs-approval', set, flags: guarded };
    const operation = await commitChange(request, patched);
    await startOperation(operation);
    return { kind: 'changed', set: patched.next, patched, operationId: operation.id };
  });

const commitChange = async ({ subject, cause, reason, extra }: ChangeRequest, patched: PatchedSet) => {
  const ids = { operationId: deps.newOperationId(), now: deps.now() };
  const { operation, stream, audit } = decideChange({
    patched,
    subject,
    cause,
    reason,
    ...ids,
    auditDetails: extra?.auditDetails,
  });
  const setWrites = await flagSetWrites(patched.next);
  const writes = [...(extra?.writes ?? []), ...setWrites, ...newChangeWrites(operation, patched.next.version)];
  await commit({ stream, cause, writes, audit });
  return operation;
};

/** Refuses an inconsistent set, and the removal of a variant that an override uses. */
export const assertMayChange = async (set: FlagSet, patched: PatchedSet, subject: Subject): Promise<void> => {
  assertValid(set, patched, subject);
  for (const { name, before, after } of patched.flags) {
    const removed = Object.keys(before?.variants ?? {}).filter(
      (variant) => !Object.hasOwn(after?.variants ?? {}, variant),
    );
    if (removed.length > 0) await assertNotOverridden(name, removed);
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
