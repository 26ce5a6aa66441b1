import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Fleet } from '#core/contract/model/fleet.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { type OperationKind, stepsOf } from '#core/operation/kinds.ts';
import { newSystem, type System } from './harness.ts';
import { ServedTenant } from './served-tenant.ts';

let system: System;
beforeAll(async () => {
  system = await (await newSystem()).start();
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

const attemptsOf = ({ steps }: Operation) => Object.fromEntries(steps.map(({ name, attempts }) => [name, attempts]));
const each = (kind: OperationKind, attempts: number) =>
  Object.fromEntries(stepsOf(kind).map((name) => [name, attempts]));

it('shows three attempts when a step fails twice for a passing reason', async () => {
  await system.fault({ function: 'seed-schema', kind: 'throw', error: 'ShardUnreachable', times: 2 });
  const { tenant, operation } = (await system.onboard({ tier: 'growth' })).body;
  const ended = await system.untilOperation(operation.id);
  expect(ended.status).toBe('succeeded');
  expect(attemptsOf(ended)).toEqual({ ...each('onboard', 1), 'seed-schema': 3 });
  expect((await system.tenant(tenant.tenantId)).status).toBe('active');
});

it('keeps the true cause when the roll-back fails too, raises the alarm, and finishes by the schedule', async () => {
  await system.fault({ function: 'bind-access', kind: 'throw', error: 'PlannedError' });
  await system.fault({ function: 'roll-back', kind: 'throw', error: 'PlannedError', times: 20 });
  const { tenant, operation } = (await system.onboard({ tier: 'growth' })).body;
  const stuck = await system.untilOperation(operation.id, 'rollback-failed', 'rolled-back');
  expect(stuck).toMatchObject({ status: 'rollback-failed', failure: { step: 'bind-access' } });
  expect(attemptsOf(stuck)).toEqual({ ...each('onboard', 1), 'health-check': 0, activate: 0 });
  expect(await system.tenant(tenant.tenantId)).toMatchObject({ status: 'rollback-failed' });
  expect(await system.tracesOf(tenant.tenantId)).not.toEqual([]);
  const alarms = await system.call<{ items: { name: string; state: string }[] }>('/_local/alarms');
  expect(alarms.body.items).toContainEqual(expect.objectContaining({ name: 'rollback-failed', state: 'ALARM' }));

  await system.clearFaults();
  await system.advance(60);
  expect(await system.untilOperation(operation.id, 'rolled-back')).toMatchObject({ failure: { step: 'bind-access' } });
  expect(await system.tenant(tenant.tenantId)).toMatchObject({ status: 'failed', failure: { step: 'bind-access' } });
  expect(await system.tracesOf(tenant.tenantId)).toEqual([]);
});

/** A step that fails for a passing reason again and again holds the workflow for some seconds. */
const heldAtSeedSchema = async () => {
  await system.fault({ function: 'seed-schema', kind: 'throw', error: 'ShardUnreachable', times: 4 });
  const { tenant, operation } = (await system.onboard({ tier: 'growth' })).body;
  await system.until('the workflow to be held', async () => {
    const { steps } = await system.operation(operation.id);
    return steps[1]?.status === 'running' ? true : { not: steps };
  });
  return { tenantId: tenant.tenantId, operationId: operation.id };
};

it('rolls back a workflow that was stopped from outside', async () => {
  const { tenantId, operationId } = await heldAtSeedSchema();
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const states = new SFNClient({ endpoint: system.awsUrl, region: 'us-east-1', credentials });
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:onboard-tenant:${operationId}`;
  await states.send(new StopExecutionCommand({ executionArn, cause: 'an operator stopped it' }));
  expect(await system.untilOperation(operationId)).toMatchObject({
    status: 'rolled-back',
    failure: { step: 'seed-schema', message: expect.stringContaining('an operator stopped it') },
  });
  expect(await system.tracesOf(tenantId)).toEqual([]);
});

it('rolls back a workflow that ran past its own time-out', async () => {
  const { tenantId, operationId } = await heldAtSeedSchema();
  await system.advance(601);
  expect(await system.untilOperation(operationId)).toMatchObject({
    status: 'rolled-back',
    failure: { step: 'seed-schema' },
  });
  expect(await system.tracesOf(tenantId)).toEqual([]);
});

it('leaves the rows of the other tenants in the pool alone', async () => {
  const neighbours: ServedTenant[] = [];
  // One on each of the two shared shards, since the tenant's id decides where the next one goes.
  while (new Set(neighbours.map(({ connection }) => connection.port)).size < 2) {
    neighbours.push(await ServedTenant.onboard(system, { tier: 'starter' }));
  }
  for (const neighbour of neighbours) {
    const session = neighbour.client(await neighbour.password());
    await session.connect();
    await session.query(`insert into pool.tags (name) values ('mine')`);
    await session.end();
  }
  const { rows, schemas } = await system.inventory();
  expect(Object.keys(rows).toSorted()).toEqual(neighbours.map(({ tenantId }) => tenantId).toSorted());
  await system.fault({ function: 'activate', kind: 'throw', error: 'PlannedError' });
  const { operation } = (await system.onboard({ tier: 'starter' })).body;
  await system.untilOperation(operation.id, 'rolled-back');
  expect(await system.inventory()).toMatchObject({ rows, schemas });
});

it('counts all of it: tenants by what they are, and onboardings by how they went', async () => {
  const { body } = await system.call<{ items: Tenant[] }>('/v1/tenants?limit=200');
  const having = (status: string) => body.items.filter((tenant) => tenant.status === status).length;
  const fleet = await system.until<Fleet>('the fleet to be counted anew', async () => {
    const { body: counted } = await system.call<Fleet>('/v1/fleet');
    return counted.tenants === body.items.length && counted.onboardings.running === 0 ? counted : { not: counted };
  });
  expect(fleet.byStatus).toEqual({ active: having('active'), failed: having('failed') });
  expect(fleet.onboardings).toMatchObject({ succeeded: having('active'), rolledBack: having('failed') });
  expect(fleet.onboardings.failures).toContainEqual({ step: 'bind-access', code: 'internal', count: 1 });
  expect(fleet.onboardings.p95Ms).toBeGreaterThan(0);
});
