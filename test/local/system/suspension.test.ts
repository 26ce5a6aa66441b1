import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shard } from '#core/contract/model/shard.ts';
import { closedStatuses, type Tenant } from '#core/contract/model/tenant.ts';
import { newSystem, type System } from './harness.ts';
import { setStatus } from './set-status.ts';

let system: System;
let secretsManager: SecretsManagerClient;
beforeAll(async () => {
  system = await (await newSystem()).start();
  secretsManager = new SecretsManagerClient(system.aws);
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

describe('a tenant that is not in service', () => {
  it.concurrent.each(closedStatuses)(
    '%s is refused everywhere: tokens, open database sessions, login',
    async (status) => {
      const tenant = await aTenant(status === 'suspended' ? 'growth' : 'starter');
      const token = await system.token('tenant-admin', tenant.tenantId);
      expect(await statusWith(token)).toBe(200);
      const session = await connect(tenant);
      await session.query('select 1');

      await setStatus(system, tenant, status);
      await untilRefused('the token to be refused', async () => (await statusWith(token)) === 401);
      expect(await statusWith(await system.token('tenant-member', tenant.tenantId))).toBe(401);
      await untilRefused('the session to end', () => fails(() => session.query('select 1')));
      await untilRefused('the login to be refused', () => fails(async () => (await connect(tenant)).end()));
      await session.end().catch(() => undefined);
      expect((await system.tenant(tenant.tenantId)).status).toBe(status);
    },
  );
});

describe('a tenant that is active again', () => {
  it('lets its database role in, and new tokens, but not those of before', async () => {
    const tenant = await aTenant('starter');
    const before = await system.token('tenant-admin', tenant.tenantId);
    await setStatus(system, tenant, 'suspended', new Date().toISOString());
    await untilRefused('the token to be refused', async () => (await statusWith(before)) === 401);
    await untilRefused('the login to be refused', () => fails(async () => (await connect(tenant)).end()));

    await setStatus(system, tenant, 'active');
    await system.until('the login to work', async () =>
      (await fails(async () => (await connect(tenant)).end())) ? { not: 'let in yet' } : true,
    );
    await system.until('a new token to be good', async () => {
      const status = await statusWith(await system.token('tenant-admin', tenant.tenantId));
      return status === 200 ? status : { not: status };
    });
    expect(await statusWith(before)).toBe(401);
  });

  it('does not touch others: a neighbour on the same shard notices nothing', async () => {
    const [tenant, neighbour] = [await aTenant('starter'), await aTenant('starter')];
    const session = await connect(neighbour);
    const token = await system.token('tenant-admin', neighbour.tenantId);
    await setStatus(system, tenant, 'suspended');
    await untilRefused('the login to be refused', () => fails(async () => (await connect(tenant)).end()));
    await session.query('select 1');
    await session.end();
    expect(await statusWith(token)).toBe(200);
  });
});
