import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '#core/contract/events.ts';
import { newSystem, type System } from './harness.ts';

const tableName = 'tenantry-audit';
type StoredEvent = AuditEvent & { pk: string; sk: string };

let system: System;
let table: DynamoDBDocumentClient;
let client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
beforeAll(async () => {
  system = await (await newSystem()).start();
  client = { endpoint: system.awsUrl, region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
  table = DynamoDBDocumentClient.from(new DynamoDBClient(client));
});
afterAll(() => system.remove());

const onboarded = async (fields: Record<string, unknown> = {}) => {
  const { tenant, operation } = (await system.onboard(fields)).body;
  await system.untilOperation(operation.id);
  return tenant;
};
const verify = async (tenantId: string) =>
  (await system.call<{ valid: boolean; fault?: { seq: number; kind: string } }>(`/v1/tenants/${tenantId}/audit/verify`))
    .body;
const itemsOf = async (tenantId: string) => {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `TENANT#${tenantId}` },
    }),
  );
  return Items.filter(({ sk }) => sk !== 'HEAD') as StoredEvent[];
};
const put = (Item: object) => table.send(new PutCommand({ TableName: tableName, Item }));

const drop = (item: Partial<StoredEvent> = {}) =>
  table.send(new DeleteCommand({ TableName: tableName, Key: { pk: item.pk, sk: item.sk } }));
const swap = async (one: StoredEvent, other: StoredEvent) => {
  await put({ ...other, sk: one.sk });
  await put({ ...one, sk: other.sk });
};

describe('the audit stream of an onboarding', () => {
  it('is an unbroken chain that says what was done, in order', async () => {
    const { tenantId } = await onboarded({ tier: 'growth', flags: { beta: 'on' } });
    const items = await itemsOf(tenantId);
    expect(items.map(({ action }) => action)).toEqual([
      'tenant.registered',
      'tenant.placed',
      'secret.created',
      'tenant.provisioned',
      'tenant.schema.seeded',
      'tenant.flags.loaded',
      'user.invited',
      'secret.accessed',
      'health.checked',
      'tenant.activated',
    ]);
    expect(await verify(tenantId)).toEqual({ valid: true, events: 10 });
  });

  it.each([
    ['a field that was changed', async ([, second]: StoredEvent[]) => put({ ...second, reason: 'forged' }), 2],
    ['a first event that is gone', async (items: StoredEvent[]) => drop(items[0]), 1],
    ['an event that is gone from the middle', async (items: StoredEvent[]) => drop(items[4]), 5],
    ['a last event that is gone', async (items: StoredEvent[]) => drop(items.at(-1)), 10],
    ['two events that were swapped', async (items: StoredEvent[]) => swap(items[2]!, items[3]!), 3],
  ])('names %s', async (_what, tamper, seq) => {
    const { tenantId } = await onboarded();
    await tamper(await itemsOf(tenantId));
    expect(await verify(tenantId)).toMatchObject({ valid: false, fault: { seq } });
  });

  it('is found by actor, action and time, page by page, newest first, and exported whole', async () => {
    const { tenantId } = await onboarded();
    const list = async (query: string) =>
      (await system.call<{ items: AuditEvent[]; nextCursor?: string }>(`/v1/tenants/${tenantId}/audit?${query}`)).body;
    const all = (await list('limit=200')).items;
    expect(all.map(({ seq }) => seq)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const paged: number[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await list(`limit=3${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.items.map(({ seq }) => seq));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all.map(({ seq }) => seq));
    expect((await list('actor=provision')).items.map(({ seq }) => seq)).toEqual([4, 3, 2]);
    expect((await list('action=tenant.activated')).items).toHaveLength(1);
    expect((await list(`to=${all.at(-1)!.time}`)).items.map(({ seq }) => seq)).toContain(1);
    expect((await list('q=HEALTH')).items.length).toBeGreaterThan(0);

    const ndjson = await system.call<string>(`/v1/tenants/${tenantId}/audit/export`);
    expect(
      ndjson.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
    ).toEqual(paged.toReversed());
    const csv = await system.call<string>(`/v1/tenants/${tenantId}/audit/export?format=csv`);
    expect(csv.body.trim().split('\r\n')).toHaveLength(1 + 10 + 1);
    expect((await list('action=audit.exported')).items).toHaveLength(2);
  });

  it('reaches the archive', async () => {
    const s3 = new S3Client(client);
    await system.until('an archived batch', async () => {
      const { KeyCount = 0 } = await s3.send(
        new ListObjectsV2Command({ Bucket: 'tenantry-archive', Prefix: 'audit/' }),
      );
      return KeyCount > 0 ? true : { not: KeyCount };
    });
  });
});

it('no password is in any log, audit event, operation or answer', async () => {
  await system.fault({ function: 'health-check', kind: 'throw', error: 'PlannedError' });
  const failed = await onboarded({ tier: 'growth' });
  const tenants = [
    failed,
    await onboarded(),
    await onboarded({ tier: 'growth' }),
    await onboarded({ tier: 'enterprise' }),
  ];
  const vault = new SecretsManagerClient(client);
  const { SecretList = [] } = await vault.send(new ListSecretsCommand({ MaxResults: 100 }));
  const passwords: string[] = [];
  for (const { Name } of SecretList) {
    const { SecretString = '{}' } = await vault.send(new GetSecretValueCommand({ SecretId: Name }));
    passwords.push(JSON.parse(SecretString).password);
  }
  expect(passwords.length).toBeGreaterThanOrEqual(3 + 8);

  const said = [system.output];
  for (const { tenantId } of tenants) {
    for (const path of ['', '/operations', '/audit?limit=200', '/audit/export']) {
      said.push(JSON.stringify((await system.call(`/v1/tenants/${tenantId}${path}`)).body));
    }
  }
  said.push(
    JSON.stringify((await system.call('/v1/audit?limit=200')).body),
    JSON.stringify((await system.call('/v1/shards')).body),
  );
  const logs = join(system.folder, 'logs');
  for (const file of await readdir(logs)) said.push(await readFile(join(logs, file), 'utf8'));
  for (const password of passwords) expect(said.some((text) => text.includes(password))).toBe(false);

  const lines = said
    .at(-1)!
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ofSteps = lines.filter(
    (line) => ['provision', 'seed-schema', 'health-check'].includes(String(line['function'])) && line['service'],
  );
  expect(ofSteps.length).toBeGreaterThan(0);
  for (const line of ofSteps) expect(line).toHaveProperty('tenantId');
});
