import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Permission } from '#core/contract/platform/access.ts';
import { shardSecretName, tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import { authorizeByManifest } from '#local/aws/authorization/access.ts';
import type { AwsService } from '#local/aws/endpoint/service.ts';
import { aLocalAws, as, toward } from '#test/local/aws/endpoint/endpoint-fixture.ts';

/** Answers every call, so that what is refused was refused before it. */
const willing: AwsService = { call: async () => ({}), close: async () => {} };

let aws: Awaited<ReturnType<typeof aLocalAws>>;
let items: DynamoDBClient;
let states: SFNClient;
let events: EventBridgeClient;

beforeAll(async () => {
  const services = { dynamodb: willing, states: willing, events: willing };
  aws = await aLocalAws({ services, authorize: authorizeByManifest() });
  items = new DynamoDBClient(toward(aws.url));
  states = new SFNClient(toward(aws.url));
  events = new EventBridgeClient(toward(aws.url));
});
afterAll(async () => {
  for (const client of [items, states, events]) client.destroy();
  await aws[Symbol.asyncDispose]();
});

const key = { pk: { S: 'TENANT#1' }, sk: { S: 'TENANT' } };
const get = (TableName: string) => items.send(new GetItemCommand({ TableName, Key: key }));
const put = (TableName: string) => items.send(new PutItemCommand({ TableName, Item: key }));
const query = (TableName: string, IndexName?: string) =>
  items.send(
    new QueryCommand({
      TableName,
      ...(IndexName ? { IndexName } : {}),
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'x' } },
    }),
  );
const scan = () => items.send(new ScanCommand({ TableName: 'tenantry-tenants' }));
const writeAll = (...TransactItems: object[]) =>
  as('activate', () => items.send(new TransactWriteItemsCommand({ TransactItems })));
const putEvent = (EventBusName?: string) =>
  events.send(new PutEventsCommand({ Entries: [{ EventBusName, Source: 's', DetailType: 'd', Detail: '{}' }] }));
const send = () =>
  aws.queue.send(new SendMessageCommand({ QueueUrl: `${aws.url}/000000000000/letters`, MessageBody: 'x' }));
const putObject = (Key: string, Bucket = 'tenantry-archive') =>
  as('publish-audit', () => aws.objects.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })));
const only = (name: string): Permission[] => [{ actions: ['dynamodb:GetItem'], resource: { kind: 'table', name } }];
const denied = (action: string, resource: string) => ({
  name: 'AccessDeniedException',
  message: expect.stringContaining(`is not authorized to perform: ${action} on resource: ${resource}`),
});
const table = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;

describe('a function', () => {
  test('does what its access in the manifest says, and nothing else', async () => {
    await as('operations-api', () => get('tenantry-tenants'));
    await expect(as('operations-api', () => put('tenantry-tenants'))).rejects.toMatchObject(
      denied('dynamodb:PutItem', table('tenantry-tenants')),
    );
    await as('operations-api', () => put('tenantry-audit'));
  });

  test('is named in the refusal', async () => {
    await expect(as('about-api', () => get('tenantry-flags'))).rejects.toMatchObject({
      message: expect.stringMatching(/^User: arn:aws:sts::000000000000:assumed-role\/about-api\/local /),
    });
  });

  test('that the manifest does not have may do nothing', async () => {
    await expect(as('unheard-of', () => get('tenantry-tenants'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('queries an index by the permission on that index', async () => {
    await as('operations-api', () => query('tenantry-tenants', 'by-status'));
    await expect(as('operations-api', () => query('tenantry-tenants', 'by-moon'))).rejects.toMatchObject(
      denied('dynamodb:Query', `${table('tenantry-tenants')}/index/by-moon`),
    );
  });

  test('never scans', async () => {
    await expect(as('tenants-api', scan)).rejects.toMatchObject(denied('dynamodb:Scan', table('tenantry-tenants')));
  });

  test('has every item of a transaction judged as the call it stands for', async () => {
    const TableName = 'tenantry-audit';
    const append = { Put: { TableName, Item: key } };
    const check = { ConditionCheck: { TableName, Key: key, ConditionExpression: 'attribute_exists(pk)' } };
    const change = { Update: { TableName, Key: key, UpdateExpression: 'SET a = :a' } };
    const remove = { Delete: { TableName, Key: key } };
    await writeAll(append, check);
    await expect(writeAll(append, change)).rejects.toMatchObject(denied('dynamodb:UpdateItem', table(TableName)));
    await expect(writeAll(remove, append)).rejects.toMatchObject(denied('dynamodb:DeleteItem', table(TableName)));
  });

  test('has every table of a batch judged', async () => {
    const Keys = [key];
    const read = (...names: string[]) =>
      items.send(new BatchGetItemCommand({ RequestItems: Object.fromEntries(names.map((name) => [name, { Keys }])) }));
    await as('activate', () => read('tenantry-tenants', 'tenantry-audit'));
    await expect(as('activate', () => read('tenantry-tenants', 'tenantry-flags'))).rejects.toMatchObject(
      denied('dynamodb:BatchGetItem', table('tenantry-flags')),
    );
    const RequestItems = { 'tenantry-audit': [{ PutRequest: { Item: key } }] };
    await expect(as('activate', () => items.send(new BatchWriteItemCommand({ RequestItems })))).rejects.toMatchObject(
      denied('dynamodb:BatchWriteItem', table('tenantry-audit')),
    );
  });

  test('reaches secrets by their prefix, by name and by ARN', async () => {
    const { ARN } = await aws.secrets.send(
      new CreateSecretCommand({ Name: tenantDatabaseSecretName('tn_1'), SecretString: 's' }),
    );
    await aws.secrets.send(new CreateSecretCommand({ Name: shardSecretName('s1', 'admin'), SecretString: 's' }));
    const read = (SecretId?: string) =>
      as('health-check', () => aws.secrets.send(new GetSecretValueCommand({ SecretId })));
    expect((await read(ARN)).SecretString).toBe('s');
    expect(aws.reads.at(-1)).toMatchObject({
      secretName: tenantDatabaseSecretName('tn_1'),
      context: { caller: 'health-check' },
    });
    await expect(read(shardSecretName('s1', 'admin'))).rejects.toMatchObject(
      denied(
        'secretsmanager:GetSecretValue',
        'arn:aws:secretsmanager:us-east-1:000000000000:secret:tenantry/shards/s1/admin',
      ),
    );
    await expect(read('tenantry/tenants-of-others')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('starts and reads only the workflows it may', async () => {
    const arn = 'arn:aws:states:us-east-1:000000000000';
    const start = (name: string) =>
      states.send(new StartExecutionCommand({ stateMachineArn: `${arn}:stateMachine:${name}` }));
    const read = (name: string) =>
      states.send(new DescribeExecutionCommand({ executionArn: `${arn}:execution:${name}:op_1` }));
    await as('tenants-api', () => start('onboard-tenant'));
    await expect(as('tenants-api', () => start('roll-back-tenant'))).rejects.toMatchObject(
      denied('states:StartExecution', `${arn}:stateMachine:roll-back-tenant`),
    );
    await as('roll-back', () => read('onboard-tenant'));
    await expect(as('tenants-api', () => read('onboard-tenant'))).rejects.toMatchObject(
      denied('states:DescribeExecution', `${arn}:execution:onboard-tenant:op_1`),
    );
  });

  test('puts events, letters and objects only where it may', async () => {
    await as('publish-audit', () => putEvent('tenantry'));
    await expect(as('publish-audit', () => putEvent())).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(as('activate', () => putEvent('tenantry'))).rejects.toMatchObject({ name: 'AccessDeniedException' });

    await expect(as('intake-events', send)).rejects.toMatchObject(
      denied('sqs:SendMessage', 'arn:aws:sqs:us-east-1:000000000000:letters'),
    );

    await putObject('audit/1.ndjson');
    for (const refused of [putObject('other/1.ndjson'), putObject('audit/1.ndjson', 'archive')]) {
      await expect(refused).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    }
  });
});

test('a call from outside any function is refused, one of a person is not', async () => {
  await expect(as('none', () => get('tenantry-tenants'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await get('tenantry-tenants');
});

test('600 interleaved calls of two functions are each judged by their own access', async () => {
  const permissions = new Map([
    ['left', only('left')],
    ['right', only('right')],
  ]);
  const authorize = authorizeByManifest({ permissions });
  await using both = await aLocalAws({ services: { dynamodb: willing }, authorize });
  const client = new DynamoDBClient(toward(both.url));
  const calls = Array.from({ length: 600 }, (_, n) => ({
    caller: n % 2 ? 'left' : 'right',
    TableName: n % 3 ? 'left' : 'right',
  }));
  const judged = await Promise.all(
    calls.map(({ caller, TableName }) =>
      as(caller, () => client.send(new GetItemCommand({ TableName, Key: key }))).then(
        () => 'allowed',
        (error: Error) => error.name,
      ),
    ),
  );
  client.destroy();
  expect(judged).toEqual(
    calls.map(({ caller, TableName }) => (caller === TableName ? 'allowed' : 'AccessDeniedException')),
  );
});
