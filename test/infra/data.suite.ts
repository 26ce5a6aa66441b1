import { expect, test } from 'vitest';
import { tables } from '#core/contract/platform/tables.ts';
import { synthesised } from './synthesised.ts';

const made = synthesised();
const withTrail = synthesised({ trail: 'existing' });
const all = (type: string) => made.resources(made.data, type);

test('the tables are those of the contract, with its indexes and its stream', () => {
  const found = all('AWS::DynamoDB::GlobalTable').map(([, { Properties }]) => Properties);
  expect(found.map(({ TableName }) => TableName as string).toSorted()).toEqual(
    Object.values(tables)
      .map(({ name }) => name)
      .toSorted(),
  );
  for (const shape of Object.values(tables)) {
    const table = found.find(({ TableName }) => TableName === shape.name);
    expect(table.KeySchema).toEqual(keys('pk', 'sk'));
    expect(table.TimeToLiveSpecification).toEqual(
      shape.expiry === undefined ? undefined : { AttributeName: shape.expiry, Enabled: true },
    );
    expect(table.StreamSpecification).toEqual(shape.stream && { StreamViewType: shape.stream });
    expect(table.TimeToLiveSpecification).toEqual(shape.expiry && { Enabled: true, AttributeName: shape.expiry });
    const indexes = (table.GlobalSecondaryIndexes ?? []) as {
      IndexName: string;
      KeySchema: unknown;
      Projection: unknown;
    }[];
    expect(Object.fromEntries(indexes.map(({ IndexName, KeySchema }) => [IndexName, KeySchema]))).toEqual(
      Object.fromEntries(
        Object.entries(shape.indexes).map(([name, { partition, sort }]) => [name, keys(partition, sort)]),
      ),
    );
    for (const { Projection } of indexes) expect(Projection).toEqual({ ProjectionType: 'ALL' });
  }
});
const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

test('no table can be lost with its stack: on demand, recoverable, protected, retained', () => {
  for (const [, { Properties, DeletionPolicy }] of all('AWS::DynamoDB::GlobalTable')) {
    expect(DeletionPolicy).toBe('Retain');
    expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(Properties.Replicas).toEqual([
      expect.objectContaining({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ]);
  }
});

test('buckets are closed, encrypted, reached over TLS only, and retained', () => {
  const policies = all('AWS::S3::BucketPolicy').map(([, { Properties }]) => JSON.stringify(Properties));
  for (const [id, { Properties, DeletionPolicy }] of all('AWS::S3::Bucket')) {
    expect(DeletionPolicy).toBe('Retain');
    expect(Properties.BucketEncryption).toBeDefined();
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(policies.find((policy) => policy.includes(`"${id}"`))).toContain('"aws:SecureTransport":"false"');
  }
});

test('the audit archive keeps every version and grows cheaper with age', () => {
  const archive = all('AWS::S3::Bucket').find(([, { Properties }]) => Properties.VersioningConfiguration)![1]
    .Properties;
  expect(archive.VersioningConfiguration).toEqual({ Status: 'Enabled' });
  expect(archive.LifecycleConfiguration.Rules[0].Transitions).toEqual([
    { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
    { StorageClass: 'GLACIER_IR', TransitionInDays: 180 },
  ]);
  expect(archive.LifecycleConfiguration.Rules[0].ExpirationInDays).toBeUndefined();
});

test('a trail tells of every call that manages or reads, unless the account has one', () => {
  expect(all('AWS::CloudTrail::Trail').map(([, { Properties }]) => Properties)).toEqual([
    expect.objectContaining({
      TrailName: 'tenantry',
      IsLogging: true,
      EnableLogFileValidation: true,
      IsMultiRegionTrail: false,
      EventSelectors: [expect.objectContaining({ IncludeManagementEvents: true, ReadWriteType: 'All' })],
    }),
  ]);
  expect(withTrail.resources(withTrail.data, 'AWS::CloudTrail::Trail')).toEqual([]);
});

test('everything that can be tagged says which product and stack it belongs to', () => {
  for (const stack of [made.data, made.controlPlane, made.shards!, made.operations]) {
    for (const [id, { Properties }] of made.resources(stack)) {
      const tags: unknown = Properties.Tags ?? Properties.Replicas?.[0].Tags;
      if (tags === undefined) continue;
      expect(JSON.stringify(tags), id).toMatch(/"product".*"tenantry"/);
      expect(JSON.stringify(tags), id).toContain(`"${stack.stackName}"`);
    }
  }
});
