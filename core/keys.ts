import type { Key } from './change.ts';
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

/** Tells actors apart by their ids, and a user from an event source that is named alike. */
export const actorRef = ({ type, id }: Pick<Actor, 'type' | 'id'>) =>
  `${type}#${encodeURIComponent(id.toWellFormed())}`;

/** Primary keys of every kind of item. */
export const keys = {
  tenant: (tenantId: string): Key => ({ pk: tenantPartition(tenantId), sk: 'TENANT' }),
  operation: (subject: Subject, operationId: string): Key => ({
    pk: subjectPartition(subject),
    sk: `${operationSortPrefix}${operationId}`,
  }),
  /** Finds an operation's subject, at once and consistently, where an index would lag behind. */
  operationOwner: (operationId: string): Key => ({ pk: `OPERATION#${operationId}`, sk: 'OWNER' }),
  /** Which exclusive operation the tenant is in. */
  lease: (tenantId: string): Key => ({ pk: tenantPartition(tenantId), sk: leaseSort }),
  resource: (tenantId: string, kind: string, id: string): Key => ({
    pk: tenantPartition(tenantId),
    sk: `${resourceSortPrefix}${kind}#${id}`,
  }),
  user: (tenantId: string, userId: string): Key => ({
    pk: tenantPartition(tenantId),
    sk: `${userSortPrefix}${userId}`,
  }),
  /** Counts the changes to a tenant's users: whoever changes one has seen all. */
  users: (tenantId: string): Key => ({ pk: tenantPartition(tenantId), sk: 'USERS' }),
  /** That somebody who signs in is a user of the tenant. */
  membership: (userId: string, tenantId: string): Key => ({ pk: identityPartition(userId), sk: `TENANT#${tenantId}` }),
  secret: (tenantId: string): Key => ({ pk: tenantPartition(tenantId), sk: 'SECRET#database' }),
  slug: (slug: string): Key => ({ pk: `SLUG#${slug}`, sk: 'SLUG' }),
  /** Keys of different callers never meet. */
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
  /** Which version of the flag set is in force: what a reader asks first, and often. */
  flagSetVersion: { pk: 'FLAGSET', sk: 'VERSION' },
  /** The whole flag set as it was at one version; never changed. */
  flagSet: (version: number): Key => ({ pk: 'FLAGSET', sk: `SET#${String(version).padStart(10, '0')}` }),
  /** Which operation propagates the change that made this version. */
  flagChange: (version: number): Key => ({
    pk: 'FLAGSET',
    sk: `${changeSortPrefix}${String(version).padStart(10, '0')}`,
  }),
  /** Up to which version, and which tenant of the next, changes have been propagated. */
  propagationCursor: { pk: 'FLAGSET', sk: 'CURSOR' },
  /** Written with the audit event of a change in a tenant's stream, so that there is never a second one. */
  flip: (tenantId: string, version: number, part: number): Key => ({
    pk: tenantPartition(tenantId),
    sk: `FLIP#${String(version).padStart(10, '0')}#${part}`,
  }),
  /** The same for the event of an import in a flag's own stream. */
  flagEvent: (flagKey: string, version: number): Key => ({ pk: `FLAG#${flagKey}`, sk: `EVENT#${version}` }),
  proposal: (proposalId: string): Key => ({ pk: 'PROPOSALS', sk: proposalId }),
  /** A delivered event that was taken: in the stream's partition, which IAM can fence in, after its events and head. */
  seen: (stream: string, eventId: string): Key => ({ pk: auditPartition(stream), sk: `SEEN#${eventId}` }),
  /** Other limits are another bucket, so that a change of them counts at once, and from a full one. */
  tenantBucket: (tenantId: string, limits: Limits): Key => ({ pk: tenantPartition(tenantId), sk: bucketSort(limits) }),
  /** By its digest, since an identity provider may name a principal by more than a key can hold. */
  principalBucket: (idDigest: string, limits: Limits): Key => ({ pk: `PRINCIPAL#${idDigest}`, sk: bucketSort(limits) }),
  auditHead: (stream: string): Key => ({ pk: auditPartition(stream), sk: 'HEAD' }),
} as const;

export const auditPartition = (stream: string) => (isTenantStream(stream) ? tenantPartition(stream) : stream);

/** Where the operations of a subject are: a tenant's in its own partition, which IAM can fence in. */
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
