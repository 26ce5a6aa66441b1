import type { Write } from '#core/change.ts';
import { flagSetSubject } from '#core/contract/model/operation.ts';
import type { FlagChange } from '#core/flags/change-flag-set.ts';
import { flagChangeOf } from '#core/flags/change-flag-set.ts';
import { keys, recordOf } from '#core/keys.ts';
import type { OperationRecord } from '#core/operation/operation.ts';
import { beginOperation } from '#core/operation/writes.ts';
import { documents } from '#stores/aws/clients.ts';
import { getItem } from '#stores/aws/get-item.ts';
import { findOperation } from '#stores/registry/operations.ts';

/** How far changes have been propagated to tenants: every version up to `done`, and a part of the next. */
export interface PropagationCursor {
  done: number;
  /** The tenant after which the next version goes on. */
  after?: string;
  /** Grows with every step, so that two runs which take the same step cannot both go on. */
  version: number;
}

/** The change that made a version of the flag set; `undefined` where there is none. */
export const readChange = async (flagSetVersion: number): Promise<FlagChange | undefined> => {
  const operationId = (await getItem(documents, 'flags', keys.flagChange(flagSetVersion)))?.['operationId'];
  const operation = typeof operationId === 'string' ? await findOperation(operationId, flagSetSubject) : undefined;
  return operation && flagChangeOf(operation);
};

/** Records the operation that propagates the change which made this version. */
export const newChangeWrites = (operation: OperationRecord, flagSetVersion: number): Write[] => [
  ...beginOperation(operation),
  { kind: 'put', table: 'flags', item: { ...keys.flagChange(flagSetVersion), operationId: operation.id } },
];

export const readCursor = async (): Promise<PropagationCursor> => {
  const item = await getItem(documents, 'flags', keys.propagationCursor);
  return item ? (recordOf(item) as PropagationCursor) : { done: 0, version: 0 };
};

/** Moves the cursor on, if no other run has: `version_conflict`. */
export const putCursor = (read: PropagationCursor, next: Omit<PropagationCursor, 'version'>): Write => ({
  kind: 'put',
  table: 'flags',
  item: { ...keys.propagationCursor, ...next, version: read.version + 1 },
  guard: {
    condition: read.version === 0 ? { absent: true } : { equals: { version: read.version } },
    otherwise: { code: 'version_conflict', message: 'Another run propagates the changes of flags.' },
  },
});
