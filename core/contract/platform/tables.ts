import { indexNames, type TableName, tableNames } from './names.ts';

export interface TableShape {
  name: string;
  /** Index name → its partition and sort key, all strings. Every index projects all attributes. */
  indexes: Readonly<Record<string, { partition: string; sort: string }>>;
  /** What the records of its stream hold; without it there is none. */
  stream?: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';
  /** The attribute whose time, in seconds since 1970, ends an item; items without it stay. */
  expiry?: string;
}

/** The DynamoDB tables: partition key `pk` and sort key `sk`, on demand, the same in AWS and on one machine. */
export const tables: Readonly<Record<TableName, TableShape>> = {
  tenants: {
    name: tableNames.tenants,
    indexes: {
      [indexNames.byStatus]: { partition: 'statusKey', sort: 'itemId' },
      [indexNames.byShard]: { partition: 'shardKey', sort: 'itemId' },
      [indexNames.byEntity]: { partition: 'entity', sort: 'itemId' },
      [indexNames.bySlug]: { partition: 'entity', sort: 'slug' },
      [indexNames.byOnboarder]: { partition: 'onboardedBy', sort: 'itemId' },
    },
    stream: 'NEW_AND_OLD_IMAGES',
  },
  flags: {
    name: tableNames.flags,
    indexes: { [indexNames.byFlag]: { partition: 'flagKey', sort: 'tenantId' } },
  },
  audit: {
    name: tableNames.audit,
    indexes: {
      // By the stream's own partition, so that IAM can fence a tenant in on the indexes as on the table.
      [indexNames.byAction]: { partition: 'pk', sort: 'actionKey' },
      [indexNames.byActor]: { partition: 'pk', sort: 'actorKey' },
    },
    stream: 'NEW_IMAGE',
    // Only what remembers an event that was delivered carries it, never an audit event.
    expiry: 'expiresAt',
  },
  limits: { name: tableNames.limits, indexes: {}, expiry: 'expiresAt' },
};
