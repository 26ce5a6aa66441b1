import { describe, expect, test } from 'vitest';
import type { Write } from '#core/change.ts';
import { tenantStatuses } from '#core/contract/model/tenant.ts';
import { stepsOf } from '#core/operation/kinds.ts';
import { resourceKinds, undoOrder } from '#core/operation/ledger.ts';
import { operationOf, stepOf } from '#core/operation/operation.ts';
import { assertUndoable, beginRollBack, endRollBack, failRollBack, resumeRollBack } from '#core/operation/roll-back.ts';
import { tenantOf } from '#core/tenant/tenant-record.ts';
import {
  anOperation,
  aPlacedTenant,
  aResource,
  aTenant,
  later,
  operationId,
  stepStatuses,
  tenantId,
} from '#test/builders.ts';

const itemPut = (writes: readonly Write[], sk: string) => {
  const found = writes.find((write) => write.kind === 'put' && write.item.sk === sk);
  return found?.kind === 'put' ? found.item : expect.fail(`nothing is put under ${sk}`);
};
const operationIn = (writes: readonly Write[]) => operationOf(itemPut(writes, `OPERATION#${operationId}`));
const tenantIn = (writes: readonly Write[]) => tenantOf(itemPut(writes, 'TENANT'));
const statusesIn = (writes: readonly Write[]) => operationIn(writes).steps.map(({ status }) => status);

const fault = { step: 'load-flags', error: 'MigrationFailed', message: 'syntax error', attempts: 1 };
const atLoadFlags = { provision: 'succeeded', 'seed-schema': 'succeeded', 'load-flags': 'running' } as const;

const kindsUndone = (resources: Parameters<typeof undoOrder>[1]) =>
  undoOrder(anOperation(), resources).map(({ kind }) => kind);

describe('what is undone', () => {
  test('is only what the operation itself made', () => {
    const ofAnother = { ...aResource('secret'), operationId: 'op_01jdaa0000000000000000000b' };
    expect(kindsUndone([aResource('role'), ofAnother])).toEqual(['role']);
  });

  test('goes from what was made last to what was made first, whatever the order of the ledger', () => {
    const ledger = ['user', 'placement', 'open-login', 'rows', 'secret', 'overrides', 'role', 'namespace'] as const;
    expect(kindsUndone(ledger.map(aResource))).toEqual(resourceKinds.toReversed());
  });

  test('is only what the ledger has, each of several of one kind', () => {
    const older = { ...aResource('namespace'), id: 'shared-1/a' };
    const newer = { ...older, id: 'shared-2/a', createdAt: later };
    expect(undoOrder(anOperation(), [older, newer]).map(({ id }) => id)).toEqual(['shared-2/a', 'shared-1/a']);
    expect(kindsUndone([])).toEqual([]);
  });
});

const begin = (operation = anOperation({ steps: atLoadFlags, version: 4 }), cause = fault) =>
  beginRollBack(aPlacedTenant({ version: 2 }), operation, cause, later);

describe('a roll-back begins', () => {
  test('with the failure on the operation, on its step and on the tenant', () => {
    const failure = { step: 'load-flags', code: 'migration_failed', message: 'syntax error' };
    const { writes, audit, stream } = begin();
    expect(stream).toBe(tenantId);
    expect(operationIn(writes)).toMatchObject({ status: 'running', failure, version: 5 });
    expect(stepOf(operationIn(writes), 'load-flags')).toMatchObject({
      status: 'failed',
      attempts: 1,
      endedAt: later,
      error: { code: 'migration_failed', message: 'syntax error' },
    });
    expect(tenantIn(writes)).toMatchObject({ status: 'rolling-back', failure, version: 3 });
    expect(audit).toEqual([
      {
        action: 'tenant.onboarding.failed',
        target: { type: 'tenant', id: tenantId },
        operationId,
        after: { failure },
        reason: 'syntax error',
      },
    ]);
  });

  test('and shuts out every step that is still under way: the version it read is gone', () => {
    expect(begin().writes.map(({ guard }) => guard)).toMatchObject([
      { condition: { equals: { version: 4 } }, otherwise: { code: 'operation_ended' } },
      { condition: { equals: { operationId } }, otherwise: { code: 'operation_ended' } },
      { condition: { equals: { version: 2 } }, otherwise: { code: 'version_conflict' } },
    ]);
  });

  test('leaving the steps that were done as done, and those not reached as pending', () => {
    expect(statusesIn(begin().writes)).toEqual(stepStatuses(['succeeded', 'succeeded', 'failed'], 'pending'));
  });

  test('after a step that took effect and then failed: it is the one that failed, the next was never called', () => {
    const { writes } = begin(anOperation({ steps: atLoadFlags }), { ...fault, step: 'seed-schema', attempts: 2 });
    expect(statusesIn(writes)).toEqual(stepStatuses(['succeeded', 'failed'], 'pending'));
    expect(stepOf(operationIn(writes), 'seed-schema')).toMatchObject({ attempts: 2 });
    expect(stepOf(operationIn(writes), 'load-flags')).not.toHaveProperty('startedAt');
  });

  test('after the last step took effect and then failed: the operation has not ended after all', () => {
    const steps = Object.fromEntries(stepsOf('onboard').map((name) => [name, 'succeeded' as const]));
    const ended = anOperation({ steps });
    const { writes } = beginRollBack(aPlacedTenant({ status: 'active' }), ended, { ...fault, step: 'activate' }, later);
    expect(operationIn(writes)).toMatchObject({ status: 'running' });
    expect(operationIn(writes)).not.toHaveProperty('endedAt');
    expect(statusesIn(writes)).toEqual([...stepStatuses([], 'succeeded').slice(1), 'failed']);
  });

  test('without a failing step, it is told of the first step that is not done', () => {
    const stopped = { step: undefined, error: 'Internal', message: 'The workflow was stopped.', attempts: 0 };
    const { writes } = begin(anOperation({ steps: atLoadFlags }), stopped as unknown as typeof fault);
    expect(tenantIn(writes).failure).toEqual({
      step: 'load-flags',
      code: 'internal',
      message: 'The workflow was stopped.',
    });
    expect(statusesIn(writes)).toEqual(stepStatuses(['succeeded', 'succeeded', 'failed'], 'pending'));
  });

  test('without ever having started, it is told of the first step', () => {
    const never = { step: undefined, error: 'Internal', message: 'The workflow never started.', attempts: 0 };
    const { writes } = beginRollBack(aTenant(), anOperation(), never, later);
    expect(tenantIn(writes).failure).toMatchObject({ step: 'provision' });
    expect(stepOf(operationIn(writes), 'provision')).toMatchObject({ status: 'failed', attempts: 0 });
  });

  test('with an error name that is not of the catalogue told as internal', () => {
    const { writes } = begin(undefined, { ...fault, error: 'States.Timeout' });
    expect(tenantIn(writes).failure).toMatchObject({ code: 'internal' });
  });

  test('keeping the highest count of attempts that anyone saw', () => {
    const { writes } = begin(anOperation({ steps: { ...atLoadFlags, 'load-flags': 'succeeded' } }), {
      ...fault,
      attempts: 0,
    });
    expect(stepOf(operationIn(writes), 'load-flags')).toMatchObject({ status: 'failed', attempts: 1 });
  });

  const undoable = ['requested', 'provisioning'];
  test.for(tenantStatuses.filter((status) => !undoable.includes(status)))(
    'but not for a tenant that is %s',
    (status) => {
      expect(() => assertUndoable(aTenant({ status }), anOperation())).toThrow(
        expect.objectContaining({ code: 'operation_ended' }),
      );
    },
  );
});

describe('a roll-back ends', () => {
  const failure = { step: 'seed-schema', code: 'internal', message: '' };
  const operation = anOperation({ steps: { provision: 'succeeded', 'seed-schema': 'failed' }, failure, version: 6 });
  const tenant = aPlacedTenant({ status: 'rolling-back', failure });
  const left = { kind: 'delete', table: 'tenants', key: { pk: `TENANT#${tenantId}`, sk: 'USERS' } } as const;
  const undone = {
    kinds: ['user', 'role', 'secret'],
    writes: [left],
    audit: [{ action: 'secret.deleted', target: { type: 'tenant', id: tenantId } }],
  } as const;
  const end = () => endRollBack(tenant, operation, undone, later);

  test('with every step shown as it ended: undone, failed or skipped', () => {
    const ended = operationIn(end().writes);
    expect(ended).toMatchObject({ status: 'rolled-back', endedAt: later, version: 7 });
    expect(statusesIn(end().writes)).toEqual(stepStatuses(['undone', 'failed'], 'skipped'));
  });

  test('with what the compensations left to remove, in the same transaction', () => {
    expect(end().writes).toContainEqual(left);
  });

  test('with the tenant failed, its failure kept and its place gone', () => {
    const failed = tenantIn(end().writes);
    expect(failed).toMatchObject({ status: 'failed', failure: { step: 'seed-schema' }, updatedAt: later });
    expect(failed).not.toHaveProperty('placement');
    expect(itemPut(end().writes, 'TENANT')).not.toHaveProperty('shardKey');
  });

  test('with the slug free again, unless it is another tenant’s by now', () => {
    expect(end().writes).toContainEqual({
      kind: 'put',
      table: 'tenants',
      item: { pk: 'SLUG#acme', sk: 'SLUG', tenantId, released: true },
      guard: { condition: { equals: { tenantId } }, otherwise: expect.objectContaining({ code: 'version_conflict' }) },
    });
  });

  test('with the lease released, so that the next operation may begin', () => {
    expect(end().writes).toContainEqual(
      expect.objectContaining({ kind: 'delete', key: { pk: `TENANT#${tenantId}`, sk: 'LEASE' } }),
    );
  });

  test('saying in the audit stream what was undone, and that the secret is gone', () => {
    expect(end().audit).toMatchObject([
      { action: 'secret.deleted', operationId },
      { action: 'tenant.rolled-back', operationId, after: { undone: ['user', 'role', 'secret'] } },
    ]);
  });

  test('only once: the version it read must still be there', () => {
    expect(end().writes[0]?.guard).toMatchObject({
      condition: { equals: { version: 6 } },
      otherwise: { code: 'operation_ended' },
    });
  });

  test('of a resumption with the tenant suspended as before, and nothing else released', () => {
    const suspended = aPlacedTenant({ status: 'suspended' });
    const resumption = { ...operation, kind: 'resume' as const };
    const { writes, audit } = endRollBack(
      suspended,
      resumption,
      { kinds: ['open-login'], writes: [], audit: [] },
      later,
    );
    expect(writes.map((write) => (write.kind === 'put' ? write.item.sk : write.key.sk))).toEqual([
      `OPERATION#${operationId}`,
      'LEASE',
    ]);
    expect(audit.map(({ action }) => action)).toEqual(['operation.rolled-back']);
  });
});

describe('a roll-back fails', () => {
  const cause = { code: 'shard_unreachable', message: 'The shard does not answer.' };
  const { writes, audit } = failRollBack(
    aPlacedTenant({ status: 'rolling-back' }),
    anOperation({ steps: { provision: 'succeeded', 'seed-schema': 'failed' } }),
    cause,
    later,
  );

  test('and the record does not claim that anything is undone', () => {
    expect(operationIn(writes)).toMatchObject({ status: 'rollback-failed' });
    expect(statusesIn(writes).slice(0, 2)).toEqual(['succeeded', 'failed']);
    expect(tenantIn(writes)).toMatchObject({ status: 'rollback-failed', placement: { shardId: 'shared-1' } });
    expect(writes.some(({ kind }) => kind === 'delete')).toBe(false);
  });

  test('and a schedule can find it', () => {
    expect(itemPut(writes, `OPERATION#${operationId}`)).toMatchObject({ statusKey: 'OPERATION#rollback-failed' });
  });

  test('and the audit event says why', () => {
    expect(audit).toMatchObject([{ action: 'tenant.rollback.failed', after: cause, reason: cause.message }]);
  });

  test('and is taken up again from where it stopped', () => {
    const resumed = resumeRollBack(
      aPlacedTenant({ status: 'rollback-failed' }),
      anOperation({ status: 'rollback-failed', steps: { provision: 'succeeded', 'seed-schema': 'failed' } }),
      later,
    );
    expect(operationIn(resumed.writes)).toMatchObject({ status: 'running' });
    expect(statusesIn(resumed.writes).slice(0, 2)).toEqual(['succeeded', 'failed']);
    expect(tenantIn(resumed.writes)).toMatchObject({ status: 'rolling-back' });
    expect(resumed.audit).toMatchObject([{ action: 'tenant.rollback.resumed', operationId }]);
  });
});

describe('an active tenant', () => {
  test('can be undone by the operation that made it active, as long as that runs', () => {
    const activated = anOperation({ steps: { activate: 'succeeded' } });
    expect(() => assertUndoable(aTenant({ status: 'active' }), activated)).not.toThrow();
  });

  test('cannot be undone by an onboarding that has not activated it', () => {
    expect(() => assertUndoable(aTenant({ status: 'active' }), anOperation())).toThrow(
      expect.objectContaining({ code: 'operation_ended' }),
    );
  });

  test('cannot be undone by an operation of another kind', () => {
    const foreign = anOperation({ kind: 'suspend', steps: { activate: 'succeeded' } });
    expect(() => assertUndoable(aTenant({ status: 'active' }), foreign)).toThrow(
      expect.objectContaining({ code: 'operation_ended' }),
    );
  });

  test('cannot be undone by an operation of a kind that this version does not know', () => {
    const unknown = anOperation({ kind: 'unheard-of' as 'onboard', steps: { activate: 'succeeded' } });
    expect(() => assertUndoable(aTenant({ status: 'active' }), unknown)).toThrow(
      expect.objectContaining({ code: 'operation_ended' }),
    );
  });

  test('cannot be undone by an operation that has ended', () => {
    expect(() => assertUndoable(aTenant({ status: 'active' }), anOperation({ status: 'succeeded' }))).toThrow(
      expect.objectContaining({ code: 'operation_ended' }),
    );
  });
});
