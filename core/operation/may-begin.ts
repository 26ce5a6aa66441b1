import type { TenantRecord } from '#core/tenant/tenant-record.ts';
import { type OperationKind, operationKinds } from './kinds.ts';

/** Whether the tenant is in a state in which an operation of this kind may begin. */
export const mayBegin = (kind: OperationKind, { status }: Pick<TenantRecord, 'status'>): boolean => {
  const spec = operationKinds[kind];
  return spec.subject !== 'tenant' || spec.tenant.from.includes(status);
};

/** The states in which an operation of this kind may begin, as a sentence names them. */
export const beginsIn = (kind: OperationKind): string => {
  const spec = operationKinds[kind];
  return spec.subject === 'tenant' ? spec.tenant.from.join(' or ') : '';
};
