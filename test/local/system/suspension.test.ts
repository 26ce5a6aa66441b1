import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { pointSdkAt } from '#local/run/environment.ts';
import type * as SessionRevocation from '#stores/aws/session-revocation.ts';
import { newSystem, type System } from './harness.ts';
import { setStatus } from './set-status.ts';

let system: System;
let secretsManager: SecretsManagerClient;
let store: typeof SessionRevocation;
beforeAll(async () => {
  system = await (await newSystem()).start();
  secretsManager = new SecretsManagerClient(system.aws);
  // The stores' clients are made when they are first imported.
  pointSdkAt(system.awsUrl);
  store = await import('#stores/aws/session-revocation.ts');
});
afterAll(async () => {
  secretsManager.destroy();
  await system.remove();
});

const aTenant = async (tier: string): Promise<Tenant> => {
  const { body } = await system.onboard({ tier });
  await system.untilOperation(body.operation.id, 'succeeded');
  return system.tenant(body.tenant.tenantId);
};

const connect = async ({ tenantId, placement }: Tenant) => {
  const { body } = await system.call<{ items: Shard[] }>('/v1/shards');
  const { host, port, database } = body.items.find(({ shardId }) => shardId === placement!.shardId)!.endpoint;
  const { SecretString } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: `tenantry/tenants/${tenantId}/database` }),
  );
  const { username: user, password } = JSON.parse(SecretString!) as { username: string; password: string };
  const client = new Client({ host, port, database, user, password });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const untilRefused = (what: string, look: () => Promise<boolean>) =>
  system.until(what, async () => ((await look()) ? true : { not: 'refused yet' }));
const fails = (work: () => Promise<unknown>) =>
  work().then(
    () => false,
    () => true,
  );
const statusWith = async (token: string, path = '/v1/me') => (await system.call(path, { token })).status;

/** Reads the tenant's partition by AWS credentials that were handed out for it, as often as is asked. */
const vended = async ({ tenantId }: Tenant) => {
  const sts = new STSClient(system.aws);
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::000000000000:role/tenantry-tenant',
      RoleSessionName: 'application',
      Tags: [{ Key: 'tenant', Value: tenantId }],
    }),
  );
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const query = new QueryCommand({
    TableName: 'tenantry-tenants',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: `TENANT#${tenantId}` } },
  });
  return async () => {
    const items = new DynamoDBClient({ ...system.aws, credentials });
    return (await items.send(query).finally(() => items.destroy())).Count ?? 0;
  };
};

describe('AWS credentials that were handed out', () => {
  it('are refused once their tenant’s sessions are revoked, and work again once they are restored', async () => {
    const [tenant, neighbour] = [await aTenant('starter'), await aTenant('starter')];
    const [read, readNeighbour] = [await vended(tenant), await vended(neighbour)];
    expect(await read()).toBeGreaterThan(0);

    await store.revokeSessions(tenant.tenantId, new Date().toISOString());
    await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect((await vended(tenant))()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(await readNeighbour()).toBeGreaterThan(0);

    await store.restoreSessions(tenant.tenantId, new Date().toISOString());
    expect(await read()).toBeGreaterThan(0);
  });

  it('are those of the API as well: it says why it refuses, whichever of the two it learns of first', async () => {
    const tenant = await aTenant('starter');
    const token = await system.token('tenant-admin', tenant.tenantId);
    const path = `/v1/tenants/${tenant.tenantId}`;
    const answer = async () => {
      const { status, body } = await system.call(path, { token });
      return [status, body['code']];
    };
    expect(await statusWith(token, path)).toBe(200);

    await store.revokeSessions(tenant.tenantId, new Date().toISOString());
    expect(await answer()).toEqual([503, 'dependency_unavailable']);
    await setStatus(system, tenant, 'suspended');
    expect(await answer()).toEqual([403, 'tenant_suspended']);

    await store.restoreSessions(tenant.tenantId, new Date().toISOString());
    await setStatus(system, tenant, 'active');
    await system.until('the token to be good', async () => {
      const status = await statusWith(token, path);
      return status === 200 ? status : { not: status };
    });
  });
});

/** Suspends or resumes the tenant as an administrator of the platform does, and waits for the end of it. */
const order = async (verb: 'suspend' | 'resume', { tenantId }: Tenant) => {
  const path = `/v1/tenants/${tenantId}/${verb}`;
  const { body } = await system.call<{ operation: Operation }>(path, { method: 'POST', body: { reason: 'unpaid' } });
  await system.untilOperation(body.operation.id, 'succeeded');
};

describe('a suspended tenant', () => {
  it('is refused everywhere: tokens, sign-in, open database sessions, login', async () => {
    const tenant = await aTenant('growth');
    const token = await system.token('tenant-admin', tenant.tenantId);
    expect(await statusWith(token)).toBe(200);
    const session = await connect(tenant);
    await session.query('select 1');

    await order('suspend', tenant);
    await untilRefused('the token to be refused', async () => (await statusWith(token)) === 403);
    for (const one of [token, await system.token('tenant-member', tenant.tenantId)]) {
      expect(await system.call('/v1/me', { token: one })).toMatchObject({
        status: 403,
        body: { code: 'tenant_suspended' },
      });
    }
    const signIn = await system.call('/_local/token', {
      method: 'POST',
      body: { user: tenant.adminEmail },
      token: '',
    });
    expect(signIn).toMatchObject({ status: 403, body: { code: 'tenant_suspended' } });
    await untilRefused('the session to end', () => fails(() => session.query('select 1')));
    await untilRefused('the login to be refused', () => fails(async () => (await connect(tenant)).end()));
    await session.end().catch(() => undefined);
    expect((await system.tenant(tenant.tenantId)).status).toBe('suspended');
  });

  it('does not touch others: a neighbour on the same shard notices nothing', async () => {
    const [tenant, neighbour] = [await aTenant('starter'), await aTenant('starter')];
    const session = await connect(neighbour);
    const token = await system.token('tenant-admin', neighbour.tenantId);
    await order('suspend', tenant);
    await untilRefused('the login to be refused', () => fails(async () => (await connect(tenant)).end()));
    await session.query('select 1');
    await session.end();
    expect(await statusWith(token)).toBe(200);
  });

  it('that is resumed lets its database role in, and new tokens, but not those of before', async () => {
    const tenant = await aTenant('starter');
    const before = await system.token('tenant-admin', tenant.tenantId);
    await order('suspend', tenant);
    await untilRefused('the token to be refused', async () => (await statusWith(before)) === 403);

    await order('resume', tenant);
    await (await connect(tenant)).end();
    await system.until('a new token to be good', async () => {
      const status = await statusWith(await system.token('tenant-admin', tenant.tenantId));
      return status === 200 ? status : { not: status };
    });
    expect(await statusWith(before)).toBe(401);
  });
});

test.concurrent.each(['offboarding', 'offboarded'] as const)(
  'the tokens of a tenant that is %s are refused',
  async (status) => {
    const tenant = await aTenant('starter');
    const token = await system.token('tenant-admin', tenant.tenantId);
    await setStatus(system, tenant, status);
    await untilRefused('the token to be refused', async () => (await statusWith(token)) === 401);
  },
);
