import { describe, expect, test } from 'vitest';
import {
  mostRestarts,
  type OperationKind,
  operationKindNames,
  operationKinds,
  stepsOf,
} from '#core/operation/kinds.ts';
import { newOperation, type OperationRecord } from '#core/operation/operation.ts';
import { endFailed, recordFault, restarted, settlementOf } from '#core/operation/settle.ts';
import { later, noon, operationId, tenantId } from '#test/builders.ts';

const anOperationOf = (kind: OperationKind, changes: Partial<OperationRecord> = {}): OperationRecord => {
  const { subject } = operationKinds[kind];
  const id = subject === 'tenant' ? tenantId : subject;
  return {
    ...newOperation({ kind, subject: { type: subject, id }, operationId, requestId: 'request-1', now: noon }),
    ...changes,
  };
};
const done = (kind: OperationKind) =>
  anOperationOf(kind, { steps: stepsOf(kind).map((name) => ({ name, status: 'succeeded', attempts: 1 })) });
const failure = { step: 'a-step', code: 'internal', message: 'it broke' };

describe.for(operationKindNames)('an operation of the kind %s', (kind) => {
  const { onFailure } = operationKinds[kind];
  const undone = onFailure === 'undo' || onFailure === 'discard';

  test('is left to its execution while that runs', () => {
    expect(settlementOf(anOperationOf(kind), 'running')).toBe('leave');
    expect(settlementOf(anOperationOf(kind, { failure }), 'running')).toBe('leave');
  });

  test('is started where that was forgotten', () => {
    expect(settlementOf(anOperationOf(kind), 'none')).toBe('start');
  });

  test('is complete once its execution has ended and every step is done', () => {
    expect(settlementOf(done(kind), 'succeeded')).toBe('complete');
    expect(settlementOf(done(kind), 'failed')).toBe('complete');
  });

  test('with steps left is undone or goes on, as its policy says', () => {
    expect(settlementOf(anOperationOf(kind), 'failed')).toBe(undone ? 'undo' : 'restart');
    expect(settlementOf(anOperationOf(kind), 'succeeded')).toBe(undone ? 'undo' : 'continue');
  });

  test('is not touched once it has ended for good', () => {
    for (const status of ['succeeded', 'failed', 'rolled-back'] as const) {
      expect(settlementOf(anOperationOf(kind, { status }), 'failed')).toBe('leave');
    }
  });

  test('whose roll-back failed is rolled back again', () => {
    expect(settlementOf(anOperationOf(kind, { status: 'rollback-failed' }), 'failed')).toBe('undo');
  });
});

test('an operation whose roll-back has begun is not completed, even if its last step was recorded', () => {
  expect(settlementOf({ ...done('onboard'), failure }, 'failed')).toBe('undo');
  expect(settlementOf(anOperationOf('onboard', { failure }), 'none')).toBe('undo');
});

test('an operation of an unknown kind is left for people to look at, whatever its execution does', () => {
  const unknown = anOperationOf('onboard', { kind: 'unheard-of' as OperationKind });
  for (const execution of ['none', 'running', 'succeeded', 'failed'] as const) {
    expect(settlementOf(unknown, execution)).toBe('unknown-kind');
  }
});

describe('an operation that is started again', () => {
  const fault = { step: 'close-database', error: 'ShardUnreachable', message: 'no answer', attempts: 5 };
  const stopped = recordFault(anOperationOf('suspend'), fault, later);

  test('says why it stopped, on its record and on the step', () => {
    expect(stopped).toMatchObject({
      status: 'running',
      failure: { step: 'close-database', code: 'shard_unreachable', message: 'no answer' },
    });
    expect(stopped.steps[0]).toMatchObject({ status: 'failed', attempts: 5, endedAt: later });
  });

  test('runs the step that failed once more, and counts', () => {
    const again = restarted(restarted(stopped, later), later);
    expect(again.restarts).toBe(2);
    expect(again.steps[0]).toMatchObject({ status: 'running', startedAt: later });
    expect(again.steps[0]).not.toHaveProperty('endedAt');
  });

  test('and fails too often ends as failed, its other steps skipped', () => {
    const ended = endFailed(stopped, later);
    expect(ended).toMatchObject({ status: 'failed', endedAt: later, failure: { step: 'close-database' } });
    expect(ended.steps.map(({ status }) => status)).toEqual(['failed', 'skipped']);
    expect(mostRestarts).toBeGreaterThan(0);
  });
});
