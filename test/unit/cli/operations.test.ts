import { expect, test } from 'vitest';
import { AppError } from '#core/contract/api/errors.ts';
import { flagSetSubject, type Operation } from '#core/contract/model/operation.ts';
import { noon, operationId } from '#test/builders.ts';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { anOperation, aRunningOperation, aStep, aTenant } from '#test/unit/core/contract/api/samples.ts';
import { tenantry } from './command-line.ts';

const suspended = aTenant({
  status: 'suspended',
  suspension: { operationId, since: noon, reason: 'unpaid for 60 days' },
});

const suspensionServer = (...seen: Operation[]) => {
  const last = seen.at(-1);
  const started = () => ({ tenant: suspended, operation: last ?? aRunningOperation('suspend') });
  return contractServer({
    suspendTenant: started,
    resumeTenant: started,
    getOperation: () => seen.shift() ?? last,
    getTenant: () => suspended,
  });
};

test.each(['suspend', 'resume'] as const)('%s sends the reason and key, and says how to follow it', async (command) => {
  await using server = await suspensionServer(aRunningOperation(command));
  const line = `${command} acme --reason 'unpaid for 60 days' --key crm-17`;
  const { exitCode, out, err } = await tenantry(server.url, line);
  expect(exitCode).toBe(0);
  expect(server.requests[0]).toMatchObject({
    operationId: `${command}Tenant`,
    params: { tenant: 'acme' },
    body: { reason: 'unpaid for 60 days' },
    headers: { 'idempotency-key': 'crm-17' },
  });
  expect(out).toContain(operationId);
  expect(err).toContain(`tenantry operation ${operationId} --watch`);
});

test('a suspended tenant shows since when, by which operation, and why', async () => {
  await using server = await suspensionServer();
  const { out } = await tenantry(server.url, 'tenant acme');
  expect(out).toMatch(new RegExp(`Suspended +since 2026-11-22 12:00:00Z, ${operationId}, unpaid for 60 days`));
});

test('a command that another operation blocks exits with 5, and says how to follow that operation', async () => {
  await using server = await contractServer({
    suspendTenant: () => {
      throw new AppError('operation_in_progress', 'Another operation of this tenant is in progress.', { operationId });
    },
  });
  const { exitCode, err } = await tenantry(server.url, 'suspend acme');
  expect(exitCode).toBe(5);
  expect(err).toContain('operation_in_progress');
  expect(err).toContain(`tenantry operation ${operationId} --watch`);
});

test('a suspension whose step fails is watched through its restart to its end', async () => {
  const error = { code: 'shard_unreachable', message: 'no connection' };
  const [close, revoke] = [aStep('close-database', 'succeeded'), aStep('revoke-sessions', 'succeeded')];
  const failing = aRunningOperation('suspend', {
    failure: { step: 'close-database', ...error },
    steps: [{ ...aStep('close-database', 'failed'), error }, aStep('revoke-sessions', 'pending')],
  });
  const again = { ...failing, restarts: 1, steps: [aStep('close-database', 'running'), failing.steps[1] ?? revoke] };
  await using server = await suspensionServer(
    failing,
    again,
    anOperation({ kind: 'suspend', restarts: 1, steps: [close, revoke] }),
  );
  const { exitCode, out, err } = await tenantry(server.url, 'suspend acme --watch');
  expect(exitCode).toBe(0);
  expect(err.trim().split('\n')).toEqual([
    'close-database: failed, 0.10 s, shard_unreachable: no connection',
    'close-database: running',
    'restarted once',
    'close-database: succeeded, 0.10 s',
    'revoke-sessions: succeeded, 0.10 s',
  ]);
  expect(out).toMatch(/Restarts +1/);
});

test('a resumption that is rolled back exits with 1 and leaves the tenant suspended', async () => {
  const failure = { step: 'health-check', code: 'health_check_failed', message: 'no rows' };
  await using server = await suspensionServer(anOperation({ kind: 'resume', status: 'rolled-back', failure }));
  const { exitCode, out, err } = await tenantry(server.url, 'resume acme --watch');
  expect(exitCode).toBe(1);
  expect(out).toMatch(/Status +suspended/);
  expect(err).toContain('ended as rolled-back: step health-check failed with health_check_failed: no rows');
});

test('operations without a tenant lists those of every subject, with the filters', async () => {
  const { tenantId: _none, ...change } = aRunningOperation('propagate-flag-change', { subject: flagSetSubject });
  await using server = await contractServer({
    listAllOperations: () => ({ items: [change, anOperation()] }),
    listOperations: () => ({ items: [anOperation()] }),
  });
  const filter = '--kind propagate-flag-change --status running --from 2026-11-22';
  const all = await tenantry(server.url, `operations ${filter} --limit 7`);
  expect(all.out).toMatch(/flagset +propagate-flag-change +running/);
  expect(all.out).toMatch(new RegExp(`${anOperation().subject.id} +onboard +succeeded`));
  const own = await tenantry(server.url, `operations acme ${filter}`);
  expect(own.out).not.toContain('SUBJECT');
  const query = { kind: 'propagate-flag-change', status: 'running', from: '2026-11-22T00:00:00.000Z' };
  expect(server.requests.map(({ operationId: id, query: sent }) => [id, sent])).toEqual([
    ['listAllOperations', { ...query, limit: 7 }],
    ['listOperations', { ...query, limit: 50 }],
  ]);
});
