import { indexNames, type TableName, tableNames } from './names.ts';

export interface TableShape {
  name: string;
  /** Index name → its partition and sort key, all strings. Every index projects all attributes. */
  indexes: Readonly<Record<string, { partition: string; sort: string }>>;
  /** The view type of its stream; absent if it has no stream. */
  stream?: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';
  /** The TTL attribute, in seconds since 1970; items without it do not expire. */
  expiry?: string;
}

/** The DynamoDB tables, the same in AWS and locally: partition key `pk`, sort key `sk`, billed on demand. */
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
      // Partitioned by stream, so that IAM can restrict a tenant to its own items on the indexes as on the table.
      [indexNames.byAction]: { partition: 'pk', sort: 'actionKey' },
      [indexNames.byActor]: { partition: 'pk', sort: 'actorKey' },
    },
    stream: 'NEW_IMAGE',
    // Only records of delivered events have it, never an audit event.
    expiry: 'expiresAt',
  },
  limits: { name: tableNames.limits, indexes: {}, expiry: 'expiresAt' },
};
