import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stepsOf } from '#core/operation/kinds.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

const kinds = {
  throw: { kind: 'throw', error: 'PlannedError' },
  'throw-after': { kind: 'throw-after', error: 'PlannedError' },
  timeout: { kind: 'timeout' },
  aws: { kind: 'aws', operation: 'TransactWriteItems', error: 'AccessDeniedException' },
} as const;
/** A new local run has two spare clusters: two cases keep one each, with the most and with the least to undo. */
const siloCases = new Set(['provision aws', 'activate throw-after']);
const tierOf = (step: string, kind: string, turn: number) =>
  siloCases.has(`${step} ${kind}`) ? 'enterprise' : turn % 2 === 0 ? 'starter' : 'growth';

const cases = stepsOf('onboard').flatMap((step) =>
  Object.entries(kinds).map(([name, fault], turn) => ({ step, name, fault, tier: tierOf(step, name, turn) })),
);

describe('a step that fails is undone, and the record says why', () => {
  it.each(cases)('$step fails by $name for a $tier tenant', async ({ step, fault, tier }) => {
    await system.fault({ function: step, ...fault });
    const request = system.request({ tier, flags: { 'new-editor': 'on' } });
    const { tenant, operation } = (
      await system.call<{ tenant: { tenantId: string }; operation: { id: string } }>('/v1/tenants', {
        method: 'POST',
        body: request,
      })
    ).body;
    const ended = await system.untilOperation(operation.id);

    expect(ended.status).toBe('rolled-back');
    const at = stepsOf('onboard').indexOf(step);
    expect(ended.steps.map(({ status }) => status)).toEqual(
      stepsOf('onboard').map((_name, index) => (index < at ? 'undone' : index === at ? 'failed' : 'skipped')),
    );
    const failed = ended.steps[at]!;
    expect(failed.attempts).toBe(1);
    expect(failed.error).toEqual({ code: 'internal', message: expect.stringMatching(causes[fault.kind]) });
    expect(await system.tenant(tenant.tenantId)).toMatchObject({
      status: 'failed',
      failure: { step, code: 'internal', message: failed.error!.message },
    });
    expect(await system.tracesOf(tenant.tenantId)).toEqual([]);
    expect((await system.call(`/v1/tenants/${tenant.tenantId}/audit/verify`)).body).toMatchObject({ valid: true });

    const retried = await system.call<{ operation: { id: string } }>(`/v1/tenants/${request.slug}/retry`, {
      method: 'POST',
    });
    expect(retried.status).toBe(202);
    expect((await system.untilOperation(retried.body.operation.id)).status).toBe('succeeded');
    expect(await system.tenant(request.slug)).toMatchObject({ tenantId: tenant.tenantId, status: 'active' });
    expect(await system.tenant(request.slug)).not.toHaveProperty('failure');
  });
});

const causes = {
  throw: /PlannedError|fault/i,
  'throw-after': /PlannedError|fault/i,
  timeout: /timed out after \d+/,
  aws: /AccessDenied/,
};
