import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OperationKind, operationKindNames, operationKinds } from '#core/operation/kinds.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { begin, hold, stop, tenantFor, untilEnded, untilHeld, untilSettled } from './operations.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

describe.each(operationKindNames)('an operation of the kind %s', (kind) => {
  const spec = operationKinds[kind];
  const [first] = spec.steps;
  const isUndone = spec.onFailure === 'undo' || spec.onFailure === 'discard';
  const ends = isUndone ? [spec.onFailure === 'undo' ? 'rolled-back' : 'failed'] : ['succeeded'];

  it('succeeds, and the same request again begins no second one', async () => {
    const begun = await begin(system, kind);
    const ended = await system.untilOperation(begun.operationId);
    expect(ended).toMatchObject({ kind, status: 'succeeded' });
    expect(ended.steps.every(({ status }) => status === 'succeeded')).toBe(true);
    const again = await begun.repeat();
    expect(again.status).toBeLessThan(300);
    // A flag that is put as it is changes nothing, and so begins nothing.
    expect(again.body.operation?.id ?? begun.operationId).toBe(begun.operationId);
    expect(again.body.operationId).toBeUndefined();
  });

  it('that is stopped from outside is settled as its policy says', async () => {
    await hold(system, first);
    const { operationId } = await begin(system, kind);
    await untilHeld(system, operationId, first);
    await stop(system, kind, operationId);
    await system.clearFaults();
    const ended = await untilSettled(system, kind, operationId);
    expect(ends).toContain(ended.status);
    if (isUndone) expect(ended.failure?.message).toContain('an operator stopped it');
  });

  it('that runs out of time is settled as its policy says', async () => {
    await hold(system, first);
    const { operationId } = await begin(system, kind);
    await untilHeld(system, operationId, first);
    await system.advance(spec.timeoutSeconds + 1);
    await system.clearFaults();
    expect(ends).toContain((await untilSettled(system, kind, operationId)).status);
  });
});

const needsTenant = (kind: OperationKind) => operationKinds[kind].subject === 'tenant' && kind !== 'onboard';

it('every kind ends by itself after a crash at any of its steps', async () => {
  // The faults of a kind without a tenant hold up every operation that comes after: they are set last, and from the
  // last step to the first.
  const everyStep = operationKindNames
    .toSorted((a, b) => Number(needsTenant(b)) - Number(needsTenant(a)))
    .flatMap((kind) => operationKinds[kind].steps.toReversed().map((step) => ({ kind, step })));
  const ready = await Promise.all(
    everyStep.map(async (one) => ({
      ...one,
      tenantId: needsTenant(one.kind) ? await tenantFor(system, one.kind) : '',
    })),
  );
  const begun: { operationId: string; kind: OperationKind; tenantId: string | undefined }[] = [];
  for (const { kind, step, tenantId } of ready) {
    await hold(system, step, tenantId ? { tenantId } : undefined);
    const { operationId, ...of } = await begin(system, kind, tenantId || undefined);
    await untilHeld(system, operationId, step);
    begun.push({ operationId, kind, tenantId: of.tenantId });
  }
  await system.kill();
  await system.start();
  for (const { operationId, kind, tenantId } of begun) {
    const ended = await untilEnded(system, kind, operationId);
    expect(ended.endedAt).toBeDefined();
    expect(ended.status).toMatch(ending[operationKinds[kind].onFailure]);
    if (ended.status === 'rolled-back' && kind === 'onboard') expect(await system.tracesOf(tenantId!)).toEqual([]);
  }
}, 120_000);

/** A workflow that a crash cut off goes on, or else its operation is settled. */
const ending = {
  undo: /^(succeeded|rolled-back)$/,
  discard: /^(succeeded|failed)$/,
  resume: /^succeeded$/,
  alarm: /^succeeded$/,
} as const;
