import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSecretCommand, GetSecretValueCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test, vi } from 'vitest';
import { startEndpoint } from '#local/aws/endpoint/endpoint.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import { Sessions } from '#local/aws/sts/sessions.ts';
import { openSts } from '#local/aws/sts/sts.ts';
import { aLocalAws, as, toward } from './endpoint-fixture.ts';

test('a service that is not there is refused by name', async () => {
  await using aws = await aLocalAws();
  const client = new SFNClient(toward(aws.url));
  await expect(client.send(new StartExecutionCommand({ stateMachineArn: 'x' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('StartExecution'),
  });
  const other = await fetch(aws.url, { method: 'POST', headers: { 'x-amz-target': 'AWSGlue.GetTables' }, body: '{}' });
  expect(await other.json()).toMatchObject({ __type: 'UnknownOperationException' });
  expect((await fetch(aws.url)).status).toBe(403);
  client.destroy();
});

test('a refusal carries the fields of its kind', async () => {
  const refusal = new AwsError('ConditionalCheckFailedException', 'No.', 400, { Item: { pk: { S: 'a' } } });
  const dynamodb = { call: () => Promise.reject(refusal), close: async () => {} };
  await using aws = await aLocalAws({ services: { dynamodb } });
  const client = new DynamoDBClient(toward(aws.url));
  await expect(client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }))).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'No.',
    Item: { pk: { S: 'a' } },
  });
  client.destroy();
});

test('an error that no service meant is a 500 without its message, and is told to the log', async () => {
  const onBug = vi.fn();
  const bug = new TypeError('secret text');
  const dynamodb = { call: () => Promise.reject(bug), close: async () => {} };
  await using aws = await aLocalAws({ services: { dynamodb }, onBug });
  const client = new DynamoDBClient(toward(aws.url));
  await expect(client.send(new GetItemCommand({ TableName: 't', Key: {} }))).rejects.toMatchObject({
    name: 'InternalFailure',
    message: expect.not.stringContaining('secret'),
    $metadata: { httpStatusCode: 500 },
  });
  expect(onBug).toHaveBeenCalledWith(bug, expect.any(String));
  client.destroy();
});

test('a body that is not a JSON object is refused', async () => {
  await using aws = await aLocalAws();
  for (const body of ['{', '[]', 'null']) {
    const headers = { 'x-amz-target': 'secretsmanager.ListSecrets' };
    const response = await fetch(aws.url, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ __type: 'SerializationException' }),
    ]);
  }
});

test('a body larger than any service takes is refused', async () => {
  await using aws = await aLocalAws();
  const headers = { 'x-amz-target': 'secretsmanager.ListSecrets' };
  const response = await fetch(aws.url, { method: 'POST', headers, body: ' '.repeat(17 * 1024 * 1024) });
  expect([response.status, await response.json()]).toEqual([
    413,
    expect.objectContaining({ __type: 'RequestEntityTooLargeException' }),
  ]);
});

test('a caller that hangs up half-way is no bug', async () => {
  const onBug = vi.fn();
  await using aws = await aLocalAws({ onBug });
  const socket = connect(aws.port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: a\r\nx-amz-target: secretsmanager.ListSecrets\r\ncontent-length: 9\r\n\r\n{');
  await setTimeout(20);
  socket.destroy();
  await aws.secrets.send(new ListSecretsCommand({}));
  expect(onBug).not.toHaveBeenCalled();
});

test('a call can be made to fail, and every try of it says that it is the same call', async () => {
  const ids: (string | undefined)[] = [];
  await using aws = await aLocalAws({
    intercept: ({ service, operation, caller, invocationId }) => {
      if (operation !== 'DescribeSecret') return undefined;
      ids.push(invocationId);
      expect([service, caller]).toEqual(['secretsmanager', 'provision']);
      return new AwsError('ThrottlingException', 'Rate exceeded');
    },
  });
  await as('provision', async () => {
    const describe = aws.secrets.send(new DescribeSecretCommand({ SecretId: 'a' }));
    await expect(describe).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
  expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  expect((await aws.secrets.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
});

test('the command line learns who it is', async () => {
  await using aws = await aLocalAws({ services: { sts: openSts(new Sessions()) } });
  const authorization = 'AWS4-HMAC-SHA256 Credential=k/20261122/us-east-1/sts/aws4_request, Signature=x';
  const ask = (Action: string) =>
    fetch(aws.url, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ Action }) });
  expect(await (await ask('GetCallerIdentity')).text()).toContain('<Account>000000000000</Account>');
  expect((await ask('GetFederationToken')).status).toBe(400);
});

test('a port in use is named, with what to do', async () => {
  await using aws = await aLocalAws();
  await expect(startEndpoint({ port: aws.port, services: {} })).rejects.toThrow(
    `Port ${aws.port} on 127.0.0.1 is in use: stop what uses it, or choose another with --aws-port.`,
  );
});

test('a refusal of one call leaves the next as it is', async () => {
  await using aws = await aLocalAws();
  await expect(aws.secrets.send(new GetSecretValueCommand({ SecretId: 'a' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  expect((await aws.secrets.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
});
