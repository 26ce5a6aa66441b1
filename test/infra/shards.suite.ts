import { describe, expect, test } from 'vitest';
import { shardSecretName } from '#core/contract/platform/names.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import { serverParameters } from '#lib/shards/shard-cluster.ts';
import { addTenantry } from '#lib/tenantry.ts';
import { anApp, anyCode, anyPages, asList, synthesised } from './synthesised.ts';

const serviceOf = (name: unknown): string => /\.([a-z0-9-]+)"?[\]}]*$/.exec(JSON.stringify(name))![1]!;

describe('the shards', () => {
  const made = synthesised({ sharedShards: '2', spareShards: '3' });
  const all = (type: string) => made.resources(made.shards, type).map(([, resource]) => resource);

  test('are as many as asked for, each with its admin login in Secrets Manager', () => {
    const ids = ['shared-1', 'shared-2', 'spare-1', 'spare-2', 'spare-3'];
    expect(all('AWS::RDS::DBCluster').map(({ Properties }) => Properties.DBClusterIdentifier)).toEqual(
      ids.map((shardId) => `tenantry-${shardId}`),
    );
    expect(all('AWS::SecretsManager::Secret').map(({ Properties }) => Properties.Name)).toEqual(
      ids.map((shardId) => shardSecretName(shardId, 'admin')),
    );
  });

  test('pause when unused, and cannot be lost by deleting the stack', () => {
    for (const { Properties, DeletionPolicy } of all('AWS::RDS::DBCluster')) {
      expect(Properties.ServerlessV2ScalingConfiguration).toMatchObject({ MinCapacity: 0, SecondsUntilAutoPause: 300 });
      expect(Properties).toMatchObject({ DeletionProtection: true, StorageEncrypted: true, BackupRetentionPeriod: 7 });
      expect(DeletionPolicy).toBe('Snapshot');
    }
  });

  test('take encrypted connections only, and keep passwords out of tenants’ hands', () => {
    expect(serverParameters).toMatchObject({
      'rds.force_ssl': '1',
      'rds.restrict_password_commands': '1',
      password_encryption: 'scram-sha-256',
      max_prepared_transactions: '0',
    });
    for (const { Properties } of all('AWS::RDS::DBClusterParameterGroup')) {
      expect(Properties.Parameters).toEqual(serverParameters);
    }
  });

  test('can be reached by the functions only, and have no way to the internet', () => {
    for (const { Properties } of all('AWS::RDS::DBInstance')) expect(Properties.PubliclyAccessible).toBe(false);
    expect(all('AWS::EC2::InternetGateway')).toEqual([]);
    expect(all('AWS::EC2::NatGateway')).toEqual([]);
    const inline = all('AWS::EC2::SecurityGroup').flatMap(
      ({ Properties }) => (Properties.SecurityGroupIngress ?? []) as unknown[],
    );
    expect(inline).toEqual([]);
    const open = all('AWS::EC2::SecurityGroupIngress').map(({ Properties }) => ({
      port: Properties.FromPort,
      from: JSON.stringify(Properties.SourceSecurityGroupId),
    }));
    expect(open).toEqual([
      { port: 5432, from: expect.stringContaining('Functions') },
      { port: 443, from: expect.stringContaining('Functions') },
    ]);
  });

  test('have endpoints for what the functions beside them use, and for nothing more', () => {
    const services = {
      tables: 'dynamodb',
      secrets: 'secretsmanager',
      executions: 'states',
      bus: 'events',
      archive: 's3',
      deadLetters: 'sqs',
      tenantScope: 'sts',
      identities: 'cognito-idp',
    };
    const used = new Set(
      functionNames
        .filter((name) => functionSpecs[name].network === 'shards')
        .flatMap((name) => Object.keys(functionSpecs[name].access)),
    );
    expect(
      all('AWS::EC2::VPCEndpoint')
        .map(({ Properties }) => serviceOf(Properties.ServiceName))
        .toSorted(),
    ).toEqual([...used].map((kind) => services[kind as keyof typeof services]).toSorted());
  });
});

const network = (made: ReturnType<typeof synthesised>) =>
  made
    .resources(made.controlPlane, 'AWS::Lambda::Function')
    .flatMap(([, { Properties }]) => asList(Properties.VpcConfig ?? []));

describe('with Postgres brought along', () => {
  test('there is no shards stack, and no function runs inside a VPC', () => {
    const made = synthesised({ shards: 'none' });
    expect(made.shards).toBeUndefined();
    expect(network(made)).toEqual([]);
  });

  test('the functions that talk to it run in the network that is given', () => {
    const made = synthesised({ shards: 'none', vpc: 'vpc-1', subnets: 'subnet-1,subnet-2', securityGroup: 'sg-1' });
    const inside = functionNames.filter((name) => functionSpecs[name].network === 'shards');
    expect(network(made)).toEqual(
      inside.map(() => ({ SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] })),
    );
  });
});

test.each([
  [{ shards: 'rds' }, /"shards" must be aurora or none/],
  [{ spareShards: 'many' }, /"spareShards" must be a whole number/],
  [{ shards: 'none', vpc: 'vpc-1' }, /or none of them/],
  [{ vpc: 'vpc-1', subnets: 'subnet-1', securityGroup: 'sg-1' }, /require shards=none/],
  [{ alarmEmail: '' }, /"alarmEmail" must be text/],
])('a context value that makes no sense is named: %j', (context, message) => {
  const app = anApp(context);
  expect(() => addTenantry(app, anyCode(app.outdir), anyPages(app.outdir))).toThrow(message);
});
