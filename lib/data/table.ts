import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { TableName } from '#core/contract/platform/names.ts';
import { tables } from '#core/contract/platform/tables.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** One table of the contract: on-demand, with 35 days of point-in-time recovery, retained when the stack is deleted. */
export class Table extends Construct {
  /** Set if the table has a stream. */
  readonly streamArn: string | undefined;

  constructor(scope: Construct, name: TableName) {
    super(scope, name);
    const shape = tables[name];
    const table = new TableV2(this, 'Table', {
      tableName: shape.name,
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billing: Billing.onDemand(),
      // The AWS managed key has no monthly fee, and CloudTrail records its use.
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
