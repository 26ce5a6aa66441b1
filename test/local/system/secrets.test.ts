import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetExecutionHistoryCommand, paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tableNames, workflowNames } from '#core/contract/platform/names.ts';
import { stepsOf } from '#core/operation/kinds.ts';
import { newSystem, type System } from './harness.ts';
import { ServedTenant } from './served-tenant.ts';

let system: System;
let logged: Record<string, unknown>[];
const tenantIds: string[] = [];
const passwords = new Set<string>();
/** Where a secret must never be → all that stands there. */
const places: Record<string, string> = {};

beforeAll(async () => {
  system = await (await newSystem()).start();
  const answers = [
    await onboard('starter', 'succeeded'),
    await onboard('growth', 'succeeded'),
    await onboard('enterprise', 'succeeded'),
    await failing(),
  ];
  await learnPasswords();
  await (await ServedTenant.of(system, answers[0]!.tenant.tenantId)).rotated();
  await learnPasswords();
  places['answers'] = JSON.stringify([answers, await everyAnswer()]);
  places['tables'] = await everyItem();
  places['archive'] = await archived();
  places['executions'] = await histories();
  await system.stop();
  places['terminal'] = system.output;
  places['logs'] = await textOf('logs', /\.ndjson$/);
  logged = places['logs'].split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
});
afterAll(() => system.remove());

const onboard = async (tier: string, status: 'succeeded' | 'rollback-failed') => {
  const { body } = await system.onboard({ tier, flags: { 'new-dashboard': 'on' } });
  tenantIds.push(body.tenant.tenantId);
  expect((await system.untilOperation(body.operation.id)).status).toBe(status);
  return body;
};

/** Its secret is read before the roll-back, which deletes it, succeeds at last. */
const failing = async () => {
  await system.fault({ function: 'health-check', kind: 'throw', error: 'PlannedError' });
  await system.fault({ function: 'roll-back', kind: 'throw', error: 'PlannedError', times: 20 });
  const answer = await onboard('growth', 'rollback-failed');
  await learnPasswords();
  await system.clearFaults();
  await system.advance(60);
  await system.untilOperation(answer.operation.id, 'rolled-back');
  return answer;
};

const secretNames = async () => {
  const names: string[] = [];
  for await (const { SecretList = [] } of paginateListSecrets({ client: new SecretsManagerClient(system.aws) }, {})) {
    names.push(...SecretList.map(({ Name = '' }) => Name));
  }
  return names;
};

/** Logins hold a password among other things; a key is all secret. */
const secretIn = (text: string) => (text.startsWith('{') ? (JSON.parse(text) as { password: string }).password : text);

const learnPasswords = async () => {
  const secretsManager = new SecretsManagerClient(system.aws);
  const names = await secretNames();
  for (const SecretId of names) {
    const { SecretString = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId }));
    passwords.add(secretIn(SecretString));
  }
  return names;
};

const everyAnswer = async () => {
  const paths = tenantIds.flatMap((tenantId) =>
    [
      '',
      '/operations',
      '/secrets',
      '/audit?limit=200',
      '/audit/export',
      '/audit/export?format=csv',
      '/audit/verify',
    ].map((rest) => `/v1/tenants/${tenantId}${rest}`),
  );
  const lists = ['/v1/tenants', '/v1/audit', '/v1/shards', '/v1/me', '/_local/inventory', '/_local/alarms'];
  return Promise.all([...lists, ...paths].map(async (path) => (await system.call(path)).body));
};

const everyItem = async () => {
  const client = new DynamoDBClient(system.aws);
  const items: unknown[] = [];
  for (const TableName of Object.values(tableNames)) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) items.push(...Items);
  }
  return JSON.stringify(items);
};

/** All of the archive, once the last event has come to it. */
const archived = () =>
  system.until<string>('the last event to be archived', async () => {
    const text = await archivedText();
    return text.includes('tenant.rolled-back') ? text : { not: text.length };
  });

const archivedText = async () => {
  const client = new S3Client(system.aws);
  const texts: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: 'tenantry-archive' })) {
    for (const { Key } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'tenantry-archive', Key }));
      texts.push((await Body?.transformToString()) ?? '');
    }
  }
  return texts.join('');
};

const histories = async () => {
  const client = new SFNClient(system.aws);
  const texts: string[] = [];
  for (const name of workflowNames) {
    const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
    for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
      for (const { executionArn } of executions) {
        texts.push(JSON.stringify(await client.send(new GetExecutionHistoryCommand({ executionArn }))));
      }
    }
  }
  return texts.join('');
};

const textOf = async (folder: string, name: RegExp) => {
  const files = await readdir(join(system.folder, folder), { recursive: true });
  const texts = files
    .filter((file) => name.test(file))
    .map((file) => readFile(join(system.folder, folder, file), 'utf8'));
  return (await Promise.all(texts)).join('');
};

it('knows the passwords of every tenant, also of the one that failed, and of every shard', () => {
  // Four tenants, one of them rotated; an admin's and a migrator's login for each of four shards; the key of flag streams.
  expect(passwords.size).toBe(5 + 4 * 2 + 1);
  for (const password of passwords) expect(password.length).toBeGreaterThan(20);
});

it.each(['answers', 'tables', 'archive', 'executions', 'logs', 'terminal'])(
  'shows no password and no verifier of one in its %s',
  (place) => {
    const text = places[place] ?? '';
    if (place !== 'terminal') for (const tenantId of tenantIds) expect(text).toContain(tenantId);
    for (const password of passwords) expect(text.includes(password)).toBe(false);
    expect(text).not.toContain('SCRAM-SHA-256$');
  },
);

it('logs no bearer token', () => {
  expect(places['logs']).not.toMatch(/eyJ[\w-]+\.eyJ/);
});

it('says of which tenant every line of a step is', () => {
  const steps = new Set<unknown>([...stepsOf('onboard'), 'roll-back']);
  const lines = logged.filter((line) => steps.has(line['function']));
  expect(new Set(lines.map((line) => line['function']))).toEqual(steps);
  expect(lines.filter(({ tenantId }) => !tenantIds.includes(String(tenantId)))).toEqual([]);
});

it('says in every line which function wrote it, in which run', () => {
  expect(logged.length).toBeGreaterThan(20);
  for (const line of logged)
    expect(line).toMatchObject({ function: expect.any(String), requestId: expect.any(String) });
});
