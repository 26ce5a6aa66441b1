import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#core/contract/model/operation.ts';
import { type OperationKind, operationKindNames, operationKinds } from '#core/operation/kinds.ts';
import { mayBegin } from '#core/operation/may-begin.ts';
import { newOperation, operationItem } from '#core/operation/operation.ts';
import { deps } from '#functions/deps.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { begin, hold, putAll, tenantFor, untilEnded, untilHeld, wholeOf } from './operations.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

/** How a person asks for it, of a tenant that is there. */
const requestFor: Partial<Record<OperationKind, (tenantId: string) => Promise<{ status: number; body: Asked }>>> = {
  onboard: (tenantId) => system.call(`/v1/tenants/${tenantId}/retry`, { method: 'POST' }),
  suspend: (tenantId) => system.call(`/v1/tenants/${tenantId}/suspend`, { method: 'POST', body: {} }),
  resume: (tenantId) => system.call(`/v1/tenants/${tenantId}/resume`, { method: 'POST', body: {} }),
};
type Asked = { code?: string; operationId?: string; operation?: Operation };

/** A kind without a way in of its own is begun by its records: only where a request would have been let through. */
const mayRunBeside = async (kind: OperationKind, running: OperationKind, tenantId: string) => {
  if (operationKinds[kind].subject !== 'tenant') return true;
  const isExcluded = operationKinds[kind].exclusive && operationKinds[running].exclusive;
  return !isExcluded && mayBegin(kind, await system.tenant(tenantId));
};

const ofTenants = operationKindNames.filter((kind) => operationKinds[kind].subject === 'tenant');
const pairs = ofTenants.flatMap((one) => operationKindNames.map((other) => ({ one, other })));

describe('while one operation is under way, another of the same tenant', () => {
  it.each(pairs)('is refused by name or right as well: $other beside $one', async ({ one, other }) => {
    const [step] = operationKinds[one].steps;
    const ready = one === 'onboard' ? undefined : await tenantFor(system, one);
    await hold(system, step, ready === undefined ? undefined : { tenantId: ready });
    const { operationId, tenantId } = await begin(system, one, ready);
    await untilHeld(system, operationId, step);

    const ask = requestFor[other];
    if (ask) {
      const { status, body } = await ask(tenantId!);
      if (!operationKinds[one].exclusive && status < 300) {
        expect((await untilEnded(system, other, body.operation!.id)).status).toBe('succeeded');
      } else if (one === other && one !== 'onboard') {
        // The same again is the same operation.
        expect({ status, id: body.operation?.id }).toEqual({ status: 200, id: operationId });
      } else {
        expect(status).toBe(409);
        expect(['operation_in_progress', 'invalid_transition']).toContain(body.code);
        if (body.code === 'operation_in_progress') expect(body.operationId).toBe(operationId);
      }
    } else if (await mayRunBeside(other, one, tenantId!)) {
      const beside = await begin(system, other, operationKinds[other].subject === 'tenant' ? tenantId : undefined);
      // What holds the one up would hold up its like as well.
      if (one === other) await system.clearFaults();
      expect((await untilEnded(system, other, beside.operationId)).status).toBe('succeeded');
    }
    await system.clearFaults();
    expect((await untilEnded(system, one, operationId)).status).toBe('succeeded');
  });
});

describe('an active tenant stays whole', () => {
  /** A running operation without a workflow or a lease, as a newer or a broken version may have left it. */
  it.each([...ofTenants, 'unheard-of'])('beside a running operation of the kind %s that nobody began', async (kind) => {
    const { tenant, operation } = (await system.onboard({ tier: 'growth' })).body;
    await system.untilOperation(operation.id, 'succeeded');
    const { tenantId } = tenant;
    const before = await wholeOf(system, tenantId);
    expect(before).toMatchObject({ status: 'active' });
    expect(before.traces).toHaveLength(4);

    const facts = { operationId: deps.newOperationId(), requestId: 'request-1', now: deps.now() };
    const subject = { type: 'tenant', id: tenantId } as const;
    const known = newOperation({ kind: ofTenants.find((one) => one === kind) ?? 'onboard', subject, ...facts });
    const foreign = { ...known, kind: kind as OperationKind };
    await putAll(system, [{ kind: 'put', table: 'tenants', item: operationItem(foreign) }]);
    for (let minute = 0; minute < 3; minute += 1) await system.advance(60);
    await system.until('the schedule to have met the operation', async () => {
      const lines = await system.logged();
      return lines.some(({ operationId }) => operationId === foreign.id) || { not: lines.length };
    });
    // What the schedule has started is over once an onboarding that was begun after it is.
    const after = (await system.onboard({ tier: 'growth' })).body.operation.id;
    expect((await system.untilOperation(after)).status).toBe('succeeded');
    expect(await wholeOf(system, tenantId)).toEqual(before);
  });
});
