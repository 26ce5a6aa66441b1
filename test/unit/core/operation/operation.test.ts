import { expect, test } from 'vitest';
import { stepsOf } from '#core/operation/kinds.ts';
import {
  completeOperation,
  completeStep,
  isDone,
  newOperation,
  recountAttempts,
  stepOf,
} from '#core/operation/operation.ts';
import { anOperation, later, noon, operationId, tenantId } from '#test/builders.ts';

test('a new operation has all steps of onboarding, the first one running', () => {
  const operation = newOperation({
    kind: 'onboard',
    subject: { type: 'tenant', id: tenantId },
    operationId,
    requestId: 'request-1',
    now: noon,
  });
  expect(operation.steps.map(({ name }) => name)).toEqual(stepsOf('onboard'));
  expect(operation.steps[0]).toEqual({ name: 'provision', status: 'running', startedAt: noon, attempts: 0 });
  expect(operation.steps.slice(1)).toEqual(
    stepsOf('onboard')
      .slice(1)
      .map((name) => ({ name, status: 'pending', attempts: 0 })),
  );
  expect(operation).toMatchObject({ kind: 'onboard', tenantId, status: 'running', startedAt: noon, version: 1 });
});

test('a step that is done hands on to the next one at the same moment', () => {
  const operation = completeStep(anOperation(), 'provision', 3, later);
  expect(stepOf(operation, 'provision')).toMatchObject({
    status: 'succeeded',
    attempts: 3,
    startedAt: noon,
    endedAt: later,
  });
  expect(stepOf(operation, 'seed-schema')).toEqual({
    name: 'seed-schema',
    status: 'running',
    startedAt: later,
    attempts: 0,
  });
  expect(operation.steps.slice(2).every(({ status }) => status === 'pending')).toBe(true);
  expect(operation.status).toBe('running');
  expect(operation).not.toHaveProperty('endedAt');
});

test('when all steps are done the operation is, but it ends only once no roll-back can follow', () => {
  const done = stepsOf('onboard').reduce((operation, name) => completeStep(operation, name, 1, later), anOperation());
  expect(done.status).toBe('running');
  expect(isDone(done)).toBe(true);
  expect(completeOperation(done, later)).toMatchObject({ status: 'succeeded', endedAt: later });
});

test('an operation that nothing can undo ends with its last step', () => {
  const suspension = newOperation({
    kind: 'suspend',
    subject: { type: 'tenant', id: tenantId },
    operationId,
    requestId: 'request-1',
    now: noon,
  });
  const done = stepsOf('suspend').reduce((operation, name) => completeStep(operation, name, 1, later), suspension);
  expect(done).toMatchObject({ status: 'succeeded', endedAt: later });
});

test('a failure that was got over is forgotten with the end of the operation', () => {
  const failure = { step: 'close-database', code: 'internal', message: 'it broke' };
  expect(completeOperation(anOperation({ failure }), later)).not.toHaveProperty('failure');
});

test('an operation with a step left is not done', () => {
  const last = stepsOf('onboard').slice(0, -1);
  expect(isDone(last.reduce((operation, name) => completeStep(operation, name, 1, later), anOperation()))).toBe(false);
});

test('a repeated call of a step that is done counts, and changes nothing else', () => {
  const operation = completeStep(anOperation(), 'provision', 1, later);
  const recounted = recountAttempts(operation, 'provision', 2);
  expect(stepOf(recounted, 'provision')).toEqual({ ...stepOf(operation, 'provision'), attempts: 2 });
  expect(recounted).toEqual({ ...operation, steps: recounted.steps });
  expect(recounted.steps.slice(1)).toEqual(operation.steps.slice(1));
});

test('a name that is no step is not found', () => {
  expect(stepOf(anOperation(), 'roll-back')).toBeUndefined();
});
