import type { Write } from '#core/change.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { keys } from '#core/keys.ts';
import { operationKinds } from './kinds.ts';

/** Which exclusive operation a tenant is in; taken and released in the transactions that begin and end the operation. */
export interface Lease {
  operationId: string;
  kind: Operation['kind'];
  takenAt: string;
}

type Held = Pick<Operation, 'id' | 'kind' | 'subject'>;

const isExclusive = ({ kind }: Held) => operationKinds[kind].exclusive;

/** Takes the tenant's lease, if the kind needs it. Fails with `operation_in_progress` while another operation has it. */
export const takeLease = ({ id, kind, subject, startedAt }: Operation): Write[] => {
  if (!isExclusive({ id, kind, subject })) return [];
  const lease: Lease = { operationId: id, kind, takenAt: startedAt };
  return [
    {
      kind: 'put',
      table: 'tenants',
      item: { ...keys.lease(subject.id), ...lease },
      guard: {
        condition: { absent: true },
        otherwise: { code: 'operation_in_progress', message: 'Another operation of this tenant is in progress.' },
      },
    },
  ];
};

const heldBy = ({ id }: Held) => ({
  condition: { equals: { operationId: id } },
  otherwise: { code: 'operation_ended', message: `Operation ${id} does not hold the lease of its tenant.` } as const,
});

/** Lets the next exclusive operation begin: part of the transaction that ends this one. */
export const releaseLease = (operation: Held): Write[] =>
  isExclusive(operation)
    ? [{ kind: 'delete', table: 'tenants', key: keys.lease(operation.subject.id), guard: heldBy(operation) }]
    : [];

/** Changes nothing: fails with `operation_ended` unless the operation holds the lease that its kind needs. */
export const checkLease = (operation: Held): Write[] =>
  isExclusive(operation)
    ? [{ kind: 'check', table: 'tenants', key: keys.lease(operation.subject.id), guard: heldBy(operation) }]
    : [];
