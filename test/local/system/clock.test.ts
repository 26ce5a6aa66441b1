import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditVerification } from '#core/contract/api/audit-query.ts';
import type { OfrepBulk } from '#core/contract/api/ofrep.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { Flag } from '#core/contract/model/flags.ts';
import type { Fleet } from '#core/contract/model/fleet.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { firstIdAt } from '#core/type-id.ts';
import { aFlag } from '#test/builders.ts';
import { aServedTenant, putFlags, type ServedTenant } from './flag-fixture.ts';
import { newSystem, type System } from './harness.ts';
import { setStatus } from './set-status.ts';

const day = 86_400_000;

let system: System;
let old: ServedTenant;
let fresh: ServedTenant;
let oldStream: string;
let began: number;
/** The clock when the month was over. */
let monthEnd: string;

const streamOf = async ({ token }: ServedTenant) => {
  const { body } = await system.call<OfrepBulk>('/ofrep/v1/evaluate/flags', { method: 'POST', body: {}, token });
  return body.eventStreams[0]!.url;
};
const flag = async (key: string) => (await system.call<Flag>(`/v1/flags/${key}`)).body;
const rename = ({ tenantId }: ServedTenant, name: string) =>
  system.call(`/v1/tenants/${tenantId}`, { method: 'PATCH', body: { name } });
const after = (days: number) => new Date(began + days * day).toISOString();

beforeAll(async () => {
  system = await (await newSystem()).start();
  began = Date.parse(await system.time());
  old = await aServedTenant(system);
  oldStream = await streamOf(old);
  await putFlags(system, {
    later: aFlag({ schedule: [{ at: after(29), state: 'DISABLED' }] }),
    temporary: aFlag({ expiresAt: after(20) }),
  });
  await system.advance((30 * day) / 1000);
  monthEnd = await system.time();
  await system.signIn();
  fresh = await aServedTenant(system);
});
afterAll(() => system.remove());

describe('after the clock has leapt a month', () => {
  it('a new tenant is of that time: its record, its operation, and its audit events', async () => {
    const { body } = await system.call<{ items: Operation[] }>(`/v1/tenants/${fresh.tenantId}/operations`);
    const { createdAt, updatedAt } = await system.tenant(fresh.tenantId);
    const [operation] = body.items;
    const times = [
      createdAt,
      updatedAt,
      operation!.startedAt,
      operation!.endedAt,
      ...operation!.steps.flatMap((step) => [step.startedAt, step.endedAt]),
      ...(await system.audited(fresh.tenantId)).map(({ time }) => time),
    ];
    const now = await system.time();
    expect(times.length).toBeGreaterThan(20);
    expect(times.filter((time) => time === undefined || time < monthEnd || time > now)).toEqual([]);
    expect(Date.parse(monthEnd)).toBeGreaterThanOrEqual(began + 30 * day);
  });

  it('its ids sort after the older ones, and lists are in the order of creation', async () => {
    expect(fresh.tenantId >= firstIdAt('tn', Date.parse(monthEnd))).toBe(true);
    const { body } = await system.call<{ items: Tenant[] }>('/v1/tenants?sort=createdAt&order=desc');
    expect(body.items.map(({ tenantId }) => tenantId)).toEqual([fresh.tenantId, old.tenantId]);
    expect([old.tenantId, fresh.tenantId].toSorted()).toEqual([old.tenantId, fresh.tenantId]);
  });

  it('the fleet counts as of the last 24 hours what was onboarded since', async () => {
    const fleet = await system.until<Fleet>('the fleet to be counted anew', async () => {
      const { body } = await system.call<Fleet>('/v1/fleet');
      return body.tenants === 2 && body.asOf > monthEnd ? body : { not: body };
    });
    expect(fleet).toMatchObject({ tenants: 2, onboardings: { succeeded: 1, running: 0 } });
    expect(Date.parse(fleet.asOf) - Date.parse(fleet.onboardings.since)).toBe(day);
  });

  it('the audit chain of an older tenant goes on, and holds', async () => {
    await rename(old, 'A month later');
    const events: AuditEvent[] = await system.audited(old.tenantId);
    const times = events.map(({ time }) => time);
    expect(times.toSorted()).toEqual(times);
    expect(Date.parse(times.at(-1)!) - Date.parse(times[0]!)).toBeGreaterThanOrEqual(30 * day);
    const { body } = await system.call<AuditVerification>(`/v1/tenants/${old.tenantId}/audit/verify`);
    expect(body).toMatchObject({ valid: true });
  });

  it('a flag has made the change that fell due, and one that has expired is stale', async () => {
    const changed = await system.until<Flag>('the scheduled change', async () => {
      const found = await flag('later');
      return found.state === 'DISABLED' ? found : { not: found };
    });
    expect(changed.updatedAt >= after(29)).toBe(true);
    const { body } = await system.call<{ items: Flag[] }>('/v1/flags?stale=true');
    expect(body.items.map(({ key }) => key)).toEqual(['temporary']);
  });
});

describe('what is good for a while', () => {
  it('a token of before has expired, and a new one is good', async () => {
    const path = `/v1/tenants/${old.tenantId}`;
    expect((await system.call(path, { token: old.token })).status).toBe(401);
    const token = await system.token('tenant-member', old.tenantId);
    expect((await system.call(path, { token })).status).toBe(200);
  });

  it('a token expires while it is in use', async () => {
    const { body } = await system.call<{ token: string }>('/_local/token', {
      method: 'POST',
      body: { role: 'sales', minutes: 10 },
    });
    const status = async () => (await system.call('/v1/me', { token: body.token })).status;
    expect(await status()).toBe(200);
    await system.advance(601);
    expect(await status()).toBe(401);
  });

  it('a token issued after its tenant was suspended is good once the tenant is active again', async () => {
    const before = await system.token('tenant-admin', fresh.tenantId);
    await setStatus(system, fresh, 'suspended', await system.time());
    await setStatus(system, fresh, 'active');
    const statusOf = async (token: string) => (await system.call('/v1/me', { token })).status;
    await system.until('the new token to be good', async () => {
      const status = await statusOf(await system.token('tenant-admin', fresh.tenantId));
      return status === 200 ? status : { not: status };
    });
    expect(await statusOf(before)).toBe(401);
  });

  it('a ticket of a stream has expired, and a new one opens it', async () => {
    expect((await fetch(oldStream)).status).toBe(401);
    const token = await system.token('tenant-member', old.tenantId);
    const leaving = new AbortController();
    const opened = await fetch(await streamOf({ ...old, token }), { signal: leaving.signal });
    expect(opened.status).toBe(200);
    leaving.abort();
  });
});

it('the time outlives a restart', async () => {
  await system.stop();
  await system.start();
  await rename(old, 'After a restart');
  expect((await system.tenant(old.tenantId)).updatedAt > monthEnd).toBe(true);
});
