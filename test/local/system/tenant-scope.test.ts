import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSystem, type System } from './harness.ts';

const RoleArn = 'arn:aws:iam::000000000000:role/tenantry-tenant';

let system: System;
let sts: STSClient;
let own: string;
let other: string;
let items: DynamoDBClient;
let secrets: SecretsManagerClient;

const assume = (tenant: string, more: object = {}) =>
  sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', Tags: [{ Key: 'tenant', Value: tenant }], ...more }),
  );

beforeAll(async () => {
  system = await (await newSystem()).start();
  const started = [await system.onboard(), await system.onboard()];
  for (const { body } of started) await system.untilOperation(body.operation.id, 'succeeded');
  [own, other] = started.map(({ body }) => body.tenant.tenantId) as [string, string];
  sts = new STSClient(system.aws);
  const { Credentials } = await assume(own);
  const session = {
    ...system.aws,
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  };
  items = new DynamoDBClient(session);
  secrets = new SecretsManagerClient(session);
});
afterAll(async () => {
  for (const client of [sts, items, secrets]) client.destroy();
  await system.remove();
});

const key = (tenantId: string) => ({ pk: { S: `TENANT#${tenantId}` }, sk: { S: 'TENANT' } });
const get = (pk: string, TableName = 'tenantry-tenants') =>
  items.send(new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: 'TENANT' } } }));
const query = (value: string, { table = 'tenantry-tenants', index = '', partition = 'pk' } = {}) =>
  items.send(
    new QueryCommand({
      TableName: table,
      ...(index && { IndexName: index }),
      KeyConditionExpression: '#p = :p',
      ExpressionAttributeNames: { '#p': partition },
      ExpressionAttributeValues: { ':p': { S: value } },
    }),
  );
const readSecret = (name: string) => secrets.send(new GetSecretValueCommand({ SecretId: name }));
const denied = expect.objectContaining({ name: 'AccessDeniedException' });

describe("a session of the tenants' role", () => {
  it("reads its tenant's partition in every table, and its audit by the indexes", async () => {
    expect((await get(`TENANT#${own}`)).Item).toMatchObject({ tenantId: { S: own } });
    expect((await query(`TENANT#${own}`)).Count).toBeGreaterThan(1);
    await query(`TENANT#${own}`, { table: 'tenantry-flags' });
    for (const index of ['', 'by-action', 'by-actor']) {
      expect((await query(`TENANT#${own}`, { table: 'tenantry-audit', index })).Count).toBeGreaterThan(1);
    }
  });

  it.each(['tenantry-tenants', 'tenantry-flags', 'tenantry-audit'])('reads nothing of others in %s', async (table) => {
    const foreign = [`TENANT#${other}`, `TENANT#${own.slice(0, -1)}`, `TENANT#${own}x`, 'TENANT#*', 'SYSTEM', 'SLUG#a'];
    for (const partition of foreign) {
      await expect(get(partition, table)).rejects.toEqual(denied);
      await expect(query(partition, { table })).rejects.toEqual(denied);
    }
  });

  it('reads no index that mixes tenants, no whole table, and no batch that reaches beyond its own', async () => {
    for (const [index, partition, value] of [
      ['by-status', 'statusKey', 'TENANT#active'],
      ['by-entity', 'entity', 'TENANT'],
      ['by-shard', 'shardKey', `TENANT#${own}`],
    ] as const) {
      await expect(query(value, { index, partition })).rejects.toEqual(denied);
    }
    await expect(items.send(new ScanCommand({ TableName: 'tenantry-tenants' }))).rejects.toEqual(denied);
    const batch = (...ids: string[]) =>
      items.send(new BatchGetItemCommand({ RequestItems: { 'tenantry-tenants': { Keys: ids.map(key) } } }));
    expect((await batch(own)).Responses!['tenantry-tenants']).toHaveLength(1);
    await expect(batch(own, other)).rejects.toEqual(denied);
  });

  it('writes nothing, not even in its own partition', async () => {
    const put = new PutItemCommand({ TableName: 'tenantry-tenants', Item: key(own) });
    await expect(items.send(put)).rejects.toEqual(denied);
  });

  it('reads its own secret and no other', async () => {
    expect(JSON.parse((await readSecret(`tenantry/tenants/${own}/database`)).SecretString!)).toMatchObject({
      username: own,
    });
    for (const name of [`tenantry/tenants/${other}/database`, 'tenantry/shards/shared-1/admin']) {
      await expect(readSecret(name)).rejects.toEqual(denied);
    }
  });
});

describe('the role is not given', () => {
  const refused = expect.objectContaining({ name: 'AccessDenied' });

  it.each(['', '*', 'acme', 'TENANT', '${aws:PrincipalTag/tenant}', 'tn_*'])('for "%s", which is no tenant', (tenant) =>
    expect(assume(tenant)).rejects.toEqual(refused),
  );

  it('without the tag, with another beside it, or with one that would go on', async () => {
    await expect(assume(own, { Tags: [] })).rejects.toEqual(refused);
    const two = [
      { Key: 'tenant', Value: own },
      { Key: 'role', Value: 'admin' },
    ];
    await expect(assume(own, { Tags: two })).rejects.toEqual(refused);
    await expect(assume(own, { TransitiveTagKeys: ['tenant'] })).rejects.toEqual(refused);
  });

  it('under another name, nor are credentials taken that nobody was given', async () => {
    await expect(assume(own, { RoleArn: 'arn:aws:iam::000000000000:role/admin' })).rejects.toEqual(refused);
    const forged = new DynamoDBClient({
      ...system.aws,
      credentials: { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x', sessionToken: 'x' },
    });
    const read = forged.send(new GetItemCommand({ TableName: 'tenantry-tenants', Key: key(own) }));
    await expect(read).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    forged.destroy();
  });
});
