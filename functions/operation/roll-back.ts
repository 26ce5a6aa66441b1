import type { AuditDraft, Cause, Write } from '#core/change.ts';
import { deleteResource, undoOrder } from '#core/operation/ledger.ts';
import { endRollBack, type Undone } from '#core/operation/roll-back.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { deps } from '#functions/deps.ts';
import { type TaskInput, task } from '#functions/shell/task.ts';
import { commit } from '#stores/registry/commit.ts';
import { readResources } from '#stores/registry/operations.ts';
import { retryIfConcurrent, underRollBack } from './begin-roll-back.ts';
import { mostWritesLeft } from './compensation.ts';
import { compensations } from './compensations.ts';
import { causeOf } from './step.ts';

/** Undoes all that the ledger says the operation made; may be repeated, and goes on where it stopped. */
export const rollBack = async (input: TaskInput): Promise<void> => {
  const cause = causeOf('roll-back', input);
  const found = await underRollBack(input, cause);
  if (!found) return;
  const { tenant, operation } = found;
  const undone = await undoEntries(tenant, operation, cause);
  await commit({ ...endRollBack(tenant, operation, undone, deps.now()), cause });
};

const undoEntries = async (tenant: TenantRecord, operation: { id: string }, cause: Cause): Promise<Undone> => {
  const kinds: string[] = [];
  let writes: Write[] = [];
  let audit: AuditDraft[] = [];
  const commitPart = async (part: readonly Write[], removed: Readonly<Record<string, number>>) => {
    const target = { type: 'tenant', id: tenant.tenantId };
    const draft: AuditDraft = {
      action: 'operation.undo.progressed',
      target,
      operationId: operation.id,
      after: removed,
    };
    await commit({ stream: tenant.tenantId, cause, writes: part, audit: [draft] });
  };
  for (const entry of undoOrder(operation, await readResources(tenant.tenantId))) {
    const remainder = await compensations[entry.kind]({ tenant, entry, commitPart });
    const more = [deleteResource(tenant.tenantId, entry), ...(remainder.writes ?? [])];
    if (writes.length + more.length > mostWritesLeft + 1) {
      await commitPart(writes, { writes: writes.length });
      writes = [];
    }
    writes.push(...more);
    audit.push(...(remainder.audit ?? []));
    kinds.push(entry.kind);
  }
  return { kinds, writes, audit };
};

export const handler = task('roll-back', (input) => retryIfConcurrent(() => rollBack(input)));
