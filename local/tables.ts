import { tables } from '#core/contract/tables.ts';
import type { AwsService } from './aws/service.ts';

/** Makes the product's tables where they are not there yet: the same shapes that the CDK deploys. */
export const createTables = async (dynamodb: AwsService): Promise<void> => {
  const { TableNames } = (await dynamodb.call('ListTables', {})) as { TableNames: string[] };
  for (const { name, indexes, stream, timeToLive } of Object.values(tables)) {
    if (TableNames.includes(name)) continue;
    const attributes = ['pk', 'sk', ...Object.values(indexes).flatMap(({ partition, sort }) => [partition, sort])];
    await dynamodb.call('CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keySchema('pk', 'sk'),
      AttributeDefinitions: [...new Set(attributes)].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      ...(Object.keys(indexes).length > 0 && {
        GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, { partition, sort }]) => ({
          IndexName,
          KeySchema: keySchema(partition, sort),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
      ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } }),
    });
    if (timeToLive === undefined) continue;
    const TimeToLiveSpecification = { Enabled: true, AttributeName: timeToLive };
    await dynamodb.call('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification });
  }
};

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];
