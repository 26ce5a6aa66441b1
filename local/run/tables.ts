import { isDeepStrictEqual } from 'node:util';
import { type TableShape, tables } from '#core/contract/platform/tables.ts';
import type { AwsService } from '#local/aws/endpoint/service.ts';

/** Makes the product's tables where they are not there yet: the same shapes that the CDK deploys. */
export const createTables = async (dynamodb: AwsService): Promise<void> => {
  const { TableNames } = (await dynamodb.call('ListTables', {})) as { TableNames: string[] };
  for (const shape of Object.values(tables)) {
    if (TableNames.includes(shape.name)) await checkShape(dynamodb, tableInput(shape));
    else await create(dynamodb, shape);
  }
};

const create = async (dynamodb: AwsService, shape: TableShape) => {
  await dynamodb.call('CreateTable', tableInput(shape));
  if (shape.expiry === undefined) return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName: shape.expiry };
  await dynamodb.call('UpdateTimeToLive', { TableName: shape.name, TimeToLiveSpecification });
};

const tableInput = ({ name, indexes, stream }: TableShape) => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keySchema('pk', 'sk'),
  AttributeDefinitions: attributesOf(indexes).map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  ...(Object.keys(indexes).length > 0 && {
    GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, { partition, sort }]) => ({
      IndexName,
      KeySchema: keySchema(partition, sort),
      Projection: { ProjectionType: 'ALL' },
    })),
  }),
  ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
});

const attributesOf = (indexes: TableShape['indexes']) => [
  ...new Set(['pk', 'sk', ...Object.values(indexes).flatMap(({ partition, sort }) => [partition, sort])]),
];

/** Where the shape of a kept table is another, its items lack keys that are read today: to say so beats wrong answers. */
const checkShape = async (dynamodb: AwsService, { TableName, ...wanted }: ReturnType<typeof tableInput>) => {
  const { Table } = (await dynamodb.call('DescribeTable', { TableName })) as { Table: TableDescription };
  if (!isDeepStrictEqual(shapeOf(Table), shapeOf(wanted))) {
    throw new Error(
      `The state that is kept was written by another version of Tenantry (table ${TableName} has another shape). ` +
        'Begin anew with --fresh, which deletes it, or give this run a --folder of its own.',
    );
  }
};

interface TableDescription {
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: object }[];
  StreamSpecification?: { StreamEnabled?: boolean; StreamViewType?: string };
}

const shapeOf = ({ GlobalSecondaryIndexes = [], StreamSpecification: stream }: TableDescription) => ({
  indexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema }) => ({ IndexName, KeySchema })).toSorted((a, b) =>
    a.IndexName.localeCompare(b.IndexName),
  ),
  stream: stream?.StreamEnabled ? stream.StreamViewType : undefined,
});

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];
