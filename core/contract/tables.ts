import { indexNames, type TableName, tableNames } from './names.ts';

interface TableShape {
  name: string;
  /** Index name → its partition and sort key, all strings. Every index projects all attributes. */
  indexes: Readonly<Record<string, { partition: string; sort: string }>>;
  stream: boolean;
  /** Attribute with the second after which an item may go. */
  timeToLive?: string;
}

/** The DynamoDB tables: partition key `pk` and sort key `sk`, on demand, the same in AWS and on one machine. */
export const tables: Readonly<Record<TableName, TableShape>> = {
  tenants: {
    name: tableNames.tenants,
    indexes: {
      [indexNames.byStatus]: { partition: 'statusKey', sort: 'itemId' },
      [indexNames.byShard]: { partition: 'shardKey', sort: 'itemId' },
      [indexNames.byEntity]: { partition: 'entity', sort: 'itemId' },
      [indexNames.byOnboarder]: { partition: 'onboardedBy', sort: 'itemId' },
    },
    stream: false,
  },
  flags: { name: tableNames.flags, indexes: {}, stream: false },
  audit: {
    name: tableNames.audit,
    indexes: {
      [indexNames.byAction]: { partition: 'actionKey', sort: 'sk' },
      [indexNames.byActor]: { partition: 'actorKey', sort: 'sk' },
    },
    stream: true,
  },
  limits: { name: tableNames.limits, indexes: {}, stream: false, timeToLive: 'expiresAt' },
};
