import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { config } from '#config';
import type { Problem } from '#core/contract/api/http.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
let flooding: { tenant: Tenant; token: string };
let calm: { tenant: Tenant; token: string };

beforeAll(async () => {
  system = await (await newSystem()).start();
  flooding = await aTenant();
  calm = await aTenant();
});
afterAll(() => system.remove());

const aTenant = async () => {
  const { body } = await system.onboard();
  await system.untilOperation(body.operation.id);
  const { tenantId } = body.tenant;
  return { tenant: await system.tenant(tenantId), token: await system.token('tenant-admin', tenantId) };
};

const limit = (tenant: Tenant, limits: unknown) =>
  system.call<Tenant>(`/v1/tenants/${tenant.tenantId}`, { method: 'PATCH', body: { limits } });

interface Me {
  limits: Limits;
}
const me = (token: string) => system.call<Me & Problem>('/v1/me', { token });

/** Waits until the tenant's calls are counted by these limits: two seconds, as the documents say. */
const untilLimited = (token: string, limits: Limits) =>
  system.until(`the limits to be ${JSON.stringify(limits)}`, async () => {
    const { headers, status } = await me(token);
    const policy = headers.get('ratelimit-policy') ?? '';
    return policy.startsWith(`"default";q=${limits.burst};`) ? status : { not: policy };
  });

/** Calls as often at once, and sorts the answers by their status. */
const flood = async (token: string, times: number) => {
  const answers = await Promise.all(Array.from({ length: times }, () => me(token)));
  return {
    taken: answers.filter(({ status }) => status === 200),
    refused: answers.filter(({ status }) => status === 429),
  };
};

describe('a tenant that calls too often', () => {
  const limits = { requestsPerSecond: 0.5, burst: 10 };

  it('is refused beyond its burst, told to the second when to ask again, and is served then', async () => {
    await limit(flooding.tenant, limits);
    await untilLimited(flooding.token, limits);
    const { taken, refused } = await flood(flooding.token, 40);
    expect(taken.length + refused.length).toBe(40);
    expect(taken.length).toBeLessThanOrEqual(10);
    expect(taken.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(2);
      expect(headers.get('ratelimit')).toBe(`"default";r=0;t=${headers.get('retry-after')}`);
      expect(body).toMatchObject({ status: 429, code: 'rate_limited', type: 'urn:tenantry:problem:rate_limited' });
    }
    const late = await me(flooding.token);
    expect(late.status).toBe(429);
    await delay(Number(late.headers.get('retry-after')) * 1000);
    expect((await me(flooding.token)).status).toBe(200);
  });

  it('is refused whoever of it calls, whatever for, and before anything is done', async () => {
    const member = await system.token('tenant-member', flooding.tenant.tenantId);
    await flood(flooding.token, 20);
    const before = (await system.audited(flooding.tenant.tenantId)).length;
    const path = `/v1/tenants/${flooding.tenant.tenantId}`;
    const answers = await Promise.all([
      system.call(path, { token: member }),
      system.call(`${path}/audit`, { token: flooding.token }),
      system.call(path, { token: member, method: 'PATCH', body: { name: 'Mine' } }),
      system.call('/v1/tenants', { token: flooding.token, method: 'POST', body: 'no JSON' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    expect(await system.audited(flooding.tenant.tenantId)).toHaveLength(before);
  });

  it('takes nothing from another tenant, from who has none, or from who needs no token', async () => {
    await flood(flooding.token, 20);
    expect((await flood(calm.token, 40)).refused).toEqual([]);
    for (const role of ['platform-admin', 'platform-auditor', 'sales'] as const) {
      expect((await flood(await system.token(role), 40)).refused).toEqual([]);
    }
    expect((await system.call('/healthz', { token: '' })).status).toBe(200);
  });

  it('takes nothing from a tenant with the very same limits', async () => {
    const twin = await aTenant();
    await limit(twin.tenant, limits);
    await untilLimited(twin.token, limits);
    await flood(flooding.token, 20);
    expect((await flood(twin.token, 3)).refused).toEqual([]);
  });

  it('is counted once a second, by tenant, and fills no log', async () => {
    await flood(flooding.token, 100);
    await delay(1_000);
    await me(calm.token);
    const refused = await system.until<Record<string, unknown>[]>('the refused requests to be told', async () => {
      const lines = (await system.logged()).filter(({ tenant }) => tenant === flooding.tenant.tenantId);
      const sum = lines.reduce((total, { RequestsRefused = 0 }) => total + Number(RequestsRefused), 0);
      return sum > 100 ? lines : { not: sum };
    });
    expect(refused.length).toBeLessThan(20);
    const errors = (await system.logged()).filter(({ message }) => String(message).includes('requests a second'));
    expect(errors).toEqual([]);
  });
});

describe('limits of its own', () => {
  const limits = { requestsPerSecond: 3, burst: 200 };

  it('stand in the tenant’s record and its audit log, and are in force within seconds', async () => {
    const { status, body } = await limit(calm.tenant, limits);
    expect({ status, limits: body.limits }).toEqual({ status: 200, limits });
    await untilLimited(calm.token, limits);
    expect((await me(calm.token)).body.limits).toEqual(limits);
    const { taken } = await flood(calm.token, 150);
    expect(taken).toHaveLength(150);
    expect((await system.tenant(calm.tenant.tenantId)).limits).toEqual(limits);
    const event = (await system.audited(calm.tenant.tenantId)).findLast(({ action }) => action === 'tenant.updated');
    expect(event).toMatchObject({ before: { limits: null }, after: { limits } });
  });

  it('can be taken back', async () => {
    const { body } = await limit(calm.tenant, null);
    expect(body).not.toHaveProperty('limits');
    const { limits: ofTier } = config.tiers['starter']!;
    await untilLimited(calm.token, ofTier);
    expect((await me(calm.token)).body.limits).toEqual(ofTier);
  });

  it.each([
    ['no rate', { burst: 1 }],
    ['a rate of nothing', { requestsPerSecond: 0, burst: 1 }],
    ['half a request at once', { requestsPerSecond: 1, burst: 0.5 }],
    ['more than can be counted', { requestsPerSecond: 1e9, burst: 1 }],
    ['a field that is none', { requestsPerSecond: 1, burst: 1, tier: 'gold' }],
  ])('make sense: not %s', async (_what, nonsense) => {
    expect(await limit(calm.tenant, nonsense)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('are not a tenant’s own to set', async () => {
    const path = `/v1/tenants/${calm.tenant.tenantId}`;
    const answer = await system.call(path, { token: calm.token, method: 'PATCH', body: { limits } });
    expect(answer.status).toBe(403);
  });
});

it('keeps serving, each copy by its own count, while the table of the buckets does not answer', async () => {
  const limits = { requestsPerSecond: 0.1, burst: 15 };
  await limit(calm.tenant, limits);
  await untilLimited(calm.token, limits);
  await system.fault({
    function: 'about-api',
    kind: 'aws',
    operation: 'UpdateItem',
    error: 'ProvisionedThroughputExceededException',
    times: 1_000,
  });
  const { taken, refused } = await flood(calm.token, 40);
  await system.clearFaults();
  expect(taken.length).toBeGreaterThan(5);
  expect(taken.length).toBeLessThanOrEqual(15);
  expect(refused.length).toBeGreaterThan(0);
});
