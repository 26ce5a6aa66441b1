import type { Item, Key } from './change.ts';
import { type Actor, isTenantStream } from './contract/events/catalogue.ts';
import type { Limits } from './contract/model/limits.ts';
import type { Subject } from './contract/model/operation.ts';
import { tenantPartition } from './contract/platform/names.ts';

export const operationSortPrefix = 'OPERATION#';
export const leaseSort = 'LEASE';
export const requestSort = 'REQUEST';
export const resourceSortPrefix = 'RESOURCE#';
export const userSortPrefix = 'USER#';
export const overrideSortPrefix = 'FLAG#';
export const changeSortPrefix = 'CHANGE#';
export const identityPartition = (userId: string) => `IDENTITY#${encodeURIComponent(userId)}`;

const bucketSort = ({ requestsPerSecond, burst }: Limits) => `LIMIT#${requestsPerSecond}/${burst}`;

/** Identifies an actor; the type distinguishes a user from an event source of the same name. */
export const actorRef = ({ type, id }: Pick<Actor, 'type' | 'id'>) =>
  `${type}#${encodeURIComponent(id.toWellFormed())}`;

/** Primary keys of every kind of item. */
export const keys = {
  tenant: (tenantId: string): Key => ({ pk: tenantPartition(tenantId), sk: 'TENANT' }),
  operation: (subject: Subject, operationId: string): Key => ({
    pk: subjectPartition(subject),
    sk: `${operationSortPrefix}${operationId}`,
  }),
  /** The subject of an operation, readable consistently, unlike an index. */
  operationOwner: (operationId: string): Key => ({ pk: `OPERATION#${operationId}`, sk: 'OWNER' }),
  /** The exclusive operation in progress for the tenant. */
  lease: (tenantId: string): Key => ({ pk: tenantPartition(tenantId), sk: leaseSort }),
  resource: (tenantId: string, kind: string, id: string): Key => ({
    pk: tenantPartition(tenantId),
    sk: `${resourceSortPrefix}${kind}#${id}`,
  }),
  user: (tenantId: string, userId: string): Key => ({
    pk: tenantPartition(tenantId),
    sk: `${userSortPrefix}${userId}`,
  }),
  /** The version of a tenant's users as a whole, which every change to one of them checks. */
  users: (tenantId: string): Key => ({ pk: tenantPartition(tenantId), sk: 'USERS' }),
  /** A user's membership in a tenant, looked up at sign-in. */
  membership: (userId: string, tenantId: string): Key => ({ pk: identityPartition(userId), sk: `TENANT#${tenantId}` }),
  secret: (tenantId: string): Key => ({ pk: tenantPartition(tenantId), sk: 'SECRET#database' }),
  slug: (slug: string): Key => ({ pk: `SLUG#${slug}`, sk: 'SLUG' }),
  /** Idempotency keys are per caller. */
  request: (actor: Pick<Actor, 'type' | 'id'>, idempotencyKey: string): Key => ({
    pk: `REQUEST#${actorRef(actor)}#${idempotencyKey}`,
    sk: requestSort,
  }),
  shard: (shardId: string): Key => ({ pk: `SHARD#${shardId}`, sk: 'SHARD' }),
  servedRanges: (region: string): Key => ({ pk: `REGION#${region}`, sk: 'RANGES' }),
  override: (tenantId: string, flagKey: string): Key => ({
    pk: tenantPartition(tenantId),
    sk: `${overrideSortPrefix}${flagKey}`,
  }),
  /** The current version of the flag set, which readers poll. */
  flagSetVersion: { pk: 'FLAGSET', sk: 'VERSION' },
  /** The whole flag set at one version; immutable. */
  flagSet: (version: number): Key => ({ pk: 'FLAGSET', sk: `SET#${String(version).padStart(10, '0')}` }),
  /** The operation that propagates the change to this version. */
  flagChange: (version: number): Key => ({
    pk: 'FLAGSET',
    sk: `${changeSortPrefix}${String(version).padStart(10, '0')}`,
  }),
  /** The version, and the tenant of the next version, up to which changes have been propagated. */
  propagationCursor: { pk: 'FLAGSET', sk: 'CURSOR' },
  /** Written with a change's audit event in a tenant's stream, so that it is never written twice. */
  flip: (tenantId: string, version: number, part: number): Key => ({
    pk: tenantPartition(tenantId),
    sk: `FLIP#${String(version).padStart(10, '0')}#${part}`,
  }),
  /** The same, for the event of an import in a flag's own stream. */
  flagEvent: (flagKey: string, version: number): Key => ({ pk: `FLAG#${flagKey}`, sk: `EVENT#${version}` }),
  /** The tenants whose AWS sessions are revoked. */
  revokedSessions: { pk: 'SESSIONS', sk: 'REVOKED' },
  proposal: (proposalId: string): Key => ({ pk: 'PROPOSALS', sk: proposalId }),
  /** A processed delivery, in the stream's partition, to which IAM can restrict access; it sorts after events and head. */
  seen: (stream: string, eventId: string): Key => ({ pk: auditPartition(stream), sk: `SEEN#${eventId}` }),
  /** Changed limits use a new bucket, so that they apply at once, starting full. */
  tenantBucket: (tenantId: string, limits: Limits): Key => ({ pk: tenantPartition(tenantId), sk: bucketSort(limits) }),
  /** By digest, since a principal's id may be longer than a key. */
  principalBucket: (idDigest: string, limits: Limits): Key => ({ pk: `PRINCIPAL#${idDigest}`, sk: bucketSort(limits) }),
  auditHead: (stream: string): Key => ({ pk: auditPartition(stream), sk: 'HEAD' }),
} as const;

export const auditPartition = (stream: string) => (isTenantStream(stream) ? tenantPartition(stream) : stream);

/** The partition of a subject's operations: for a tenant its own, to which IAM can restrict access. */
const subjectPartition = ({ type, id }: Subject): string => {
  switch (type) {
    case 'tenant':
      return tenantPartition(id);
    case 'shard':
      return `SHARD#${id}`;
    case 'flagset':
    case 'fleet':
      return type.toUpperCase();
    default:
      return type satisfies never;
  }
};

/** The record in a stored item: the item without its primary key and the keys made for indexes. */
export const recordOf = (item: Item): unknown => {
  const {
    pk: _p,
    sk: _s,
    entity: _e,
    itemId: _i,
    statusKey: _st,
    shardKey: _sh,
    actionKey: _a,
    actorKey: _c,
    ...record
  } = item;
  return record;
};
