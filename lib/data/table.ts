import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { TableName } from '#core/contract/platform/names.ts';
import { tables } from '#core/contract/platform/tables.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** One table of the contract: on demand, recoverable to any second of 35 days, and never deleted with its stack. */
export class Table extends Construct {
  /** Of the tables that have a stream. */
  readonly streamArn: string | undefined;

  constructor(scope: Construct, name: TableName) {
    super(scope, name);
    const shape = tables[name];
    const table = new TableV2(this, 'Table', {
      tableName: shape.name,
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billing: Billing.onDemand(),
      // The account's own key for DynamoDB: no monthly fee, and its use is seen in CloudTrail.
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      globalSecondaryIndexes: Object.entries(shape.indexes).map(([indexName, { partition, sort }]) => ({
        indexName,
        partitionKey: text(partition),
        sortKey: text(sort),
      })),
      ...(shape.expiry !== undefined && { timeToLiveAttribute: shape.expiry }),
      ...(shape.stream && { dynamoStream: StreamViewType[shape.stream] }),
    });
    this.streamArn = table.tableStreamArn;
  }
}
