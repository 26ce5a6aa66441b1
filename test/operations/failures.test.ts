import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#core/contract/model/operation.ts';
import { operationKindNames, operationKinds } from '#core/operation/kinds.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { begin, tenantFor, untilEnded, untilSettled, wholeOf } from './operations.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

const ways = {
  throw: { kind: 'throw', error: 'PlannedError' },
  'throw-after': { kind: 'throw-after', error: 'PlannedError' },
  timeout: { kind: 'timeout' },
  aws: { kind: 'aws', operation: 'TransactWriteItems', error: 'AccessDeniedException' },
} as const;

describe.each(operationKindNames)('an operation of the kind %s', (kind) => {
  const spec = operationKinds[kind];
  const isUndone = spec.onFailure === 'undo' || spec.onFailure === 'discard';
  const cases = spec.steps.flatMap((step) => Object.entries(ways).map(([way, fault]) => ({ step, way, fault })));

  it.each(cases)('that fails at $step by $way is settled as its policy says', async ({ step, way, fault }) => {
    const ready = spec.subject === 'tenant' && kind !== 'onboard' ? await tenantFor(system, kind) : undefined;
    const before = ready === undefined ? undefined : await wholeOf(system, ready);
    await system.fault({ function: step, ...fault });
    const { operationId, tenantId } = await begin(system, kind, ready);
    const ended = await untilSettled(system, kind, operationId);
    const at = spec.steps.indexOf(step);

    if (isUndone) {
      expect(ended).toMatchObject({
        status: spec.onFailure === 'undo' ? 'rolled-back' : 'failed',
        failure: { step },
        endedAt: expect.any(String),
      });
      const expected = spec.steps.map((_, index) => (index < at ? 'undone' : index === at ? 'failed' : 'skipped'));
      expect(ended.steps.map(({ status }) => status)).toEqual(expected);
      if (before) expect(await wholeOf(system, tenantId!)).toEqual(before);
      else if (tenantId) expect(await system.tracesOf(tenantId)).toEqual([]);
    } else {
      expect(ended.status).toBe('succeeded');
      expect(ended).not.toHaveProperty('failure');
      expect(ended.steps.map(({ status }) => status)).toEqual(spec.steps.map(() => 'succeeded'));
      // A last step that took effect has ended the operation, whatever became of its answer.
      if (way !== 'throw-after') expect(ended.restarts).toBeGreaterThanOrEqual(1);
    }
    if (tenantId) {
      expect((await system.call(`/v1/tenants/${tenantId}/audit/verify`)).body).toMatchObject({ valid: true });
    }
  });

  it.runIf(!isUndone)('that fails again and again raises the alarm, and says how often it was started', async () => {
    const [first] = spec.steps;
    await system.fault({ function: first, kind: 'throw', error: 'PlannedError', times: 1_000 });
    const { operationId } = await begin(system, kind);
    const stuck = await system.until<Operation>('the alarm', async () => {
      await system.advance(60);
      const operation = await system.operation(operationId);
      const { body } = await system.call<{ items: { name: string; state: string }[] }>('/_local/alarms');
      const isRaised = body.items.some(({ name, state }) => name === 'operation-stuck' && state === 'ALARM');
      return isRaised && (operation.restarts ?? 0) >= 3 ? operation : { not: { operation, alarms: body.items } };
    });
    expect(stuck.failure).toMatchObject({ step: first, code: 'internal' });
    await system.clearFaults();
    const ended = await untilEnded(system, kind, operationId);
    expect(ended.status).toBe(spec.onFailure === 'resume' ? 'succeeded' : 'failed');
  });
});
