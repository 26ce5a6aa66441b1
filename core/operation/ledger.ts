import type { Item, Write } from '#core/change.ts';
import type { Placement } from '#core/contract/model/tenant.ts';
import { keys, recordOf } from '#core/keys.ts';

/** In the order in which they are made; undoing goes the other way. */
export const resourceKinds = [
  'placement',
  'secret',
  'role',
  'namespace',
  'rows',
  'overrides',
  'user',
  'open-login',
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** Something made for a tenant: recorded before it is made, removed from the ledger once it is undone. */
export interface Resource {
  kind: ResourceKind;
  /** Tells it from others of its kind: the shard of a placement, the namespace, the name of a secret. */
  id: string;
  /** The operation that made it: no other may undo it as its own. */
  operationId: string;
  createdAt: string;
}

export const resourceOf = (item: Item) => recordOf(item) as Resource;

export const putResource = (tenantId: string, resource: Resource): Write => ({
  kind: 'put',
  table: 'tenants',
  item: { ...keys.resource(tenantId, resource.kind, resource.id), ...resource },
});

export const deleteResource = (tenantId: string, { kind, id }: Pick<Resource, 'kind' | 'id'>): Write => ({
  kind: 'delete',
  table: 'tenants',
  key: keys.resource(tenantId, kind, id),
});

/** What one operation made, last first: the order in which to undo it. */
export const undoOrder = (operation: { id: string }, resources: readonly Resource[]): Resource[] =>
  resources
    .filter(({ operationId }) => operationId === operation.id)
    .toSorted(
      (a, b) => resourceKinds.indexOf(b.kind) - resourceKinds.indexOf(a.kind) || b.createdAt.localeCompare(a.createdAt),
    );

type Place = Pick<Placement, 'shardId' | 'namespace'>;

/** The id of what is made in a database: which shard and namespace it is in, whatever the tenant's placement is later. */
export const placeId = ({ shardId, namespace }: Place) => `${shardId}/${namespace}`;

/** The place that a ledger entry of a database names. */
export const placeOf = ({ id }: Pick<Resource, 'id'>): Place => {
  const [shardId = '', namespace = ''] = id.split('/');
  return { shardId, namespace };
};
