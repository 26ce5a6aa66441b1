import type { Write } from '#core/change.ts';
import { keys } from '#core/keys.ts';
import { releaseLease, takeLease } from './lease.ts';
import { type OperationRecord, operationItem } from './operation.ts';

/** Records a new operation and takes the lease that its kind needs: `operation_in_progress` where another has it. */
export const beginOperation = (operation: OperationRecord): Write[] => [
  ...takeLease(operation),
  { kind: 'put', table: 'tenants', item: operationItem(operation) },
  { kind: 'put', table: 'tenants', item: { ...keys.operationOwner(operation.id), subject: operation.subject } },
];

/** Replaces the operation, if it is still the version that was read; with its end it releases its lease. */
export const putOperation = (read: OperationRecord, next: OperationRecord): Write[] => [
  {
    kind: 'put',
    table: 'tenants',
    item: operationItem({ ...next, version: read.version + 1 }),
    guard: {
      condition: { equals: { version: read.version } },
      otherwise: { code: 'operation_ended', message: `Operation ${read.id} went on without this step.` },
    },
  },
  ...(next.endedAt !== undefined && read.endedAt === undefined ? releaseLease(next) : []),
];
