import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { Fire } from './fire.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterAll(() => system.remove());

it.each(['starter', 'growth'])(
  'a %s tenant is shut out of everything while it is suspended, and loses no row',
  async (tier) => {
    const { tenant, operation } = (await system.onboard({ tier })).body;
    await system.untilOperation(operation.id, 'succeeded');
    const fire = await Fire.at(system, await system.tenant(tenant.tenantId));
    for (let cycle = 0; cycle < 3; cycle += 1) {
      const { refusedMs, servedMs } = await fire.cycle();
      expect(Object.keys(refusedMs).toSorted()).toEqual(['api', 'flags', 'login', 'sessions', 'stream', 'vended']);
      expect(Object.keys(servedMs).toSorted()).toEqual(['api', 'flags', 'login', 'vended']);
    }
    expect(fire.written).toBeGreaterThan(0);
    // A session may be ended between the commit and its answer: a row more is there then, never one less.
    expect(await fire.rows()).toBeGreaterThanOrEqual(fire.written);
    expect((await system.call(`/v1/tenants/${tenant.tenantId}/audit/verify`)).body).toMatchObject({ valid: true });
  },
  120_000,
);
