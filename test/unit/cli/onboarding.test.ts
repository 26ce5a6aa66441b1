import { expect, test } from 'vitest';
import { AppError } from '#core/contract/api/errors.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { operationId } from '#test/builders.ts';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { anOperation, aRolledBackOperation, aStep, aTenant } from '#test/unit/core/contract/api/samples.ts';
import { tenantry } from './command-line.ts';

const running = (...done: string[]): Operation => {
  const { endedAt: _ended, ...operation } = anOperation({ status: 'running' });
  const steps = operation.steps.map(({ name }) => aStep(name, done.includes(name) ? 'succeeded' : 'pending'));
  return { ...operation, steps };
};

const started = () => ({ tenant: aTenant({ status: 'requested' }), operation: running() });

/** An API on which one onboarding is seen in these states, one a reading. */
const onboardingServer = (...seen: Operation[]) => {
  const last = seen.at(-1);
  return contractServer({
    createTenant: started,
    retryTenant: started,
    getOperation: () => seen.shift() ?? last,
    getTenant: () =>
      last?.failure ? aTenant({ status: 'failed', failure: last.failure, placement: undefined }) : aTenant(),
  });
};

const onboard = "onboard acme --name 'Acme Ltd' --tier growth --admin-email ada@acme.example";

test('onboard sends its options, and shows the tenant and the started operation', async () => {
  await using server = await onboardingServer(running());
  const extras = '--region us-east-1 --external-id C-17 --flag editor=on --flag search=v2 --key crm-17';
  const notes = '--metadata seats=25 --metadata trial=true --metadata account=007 --metadata note=a=b';
  const { exitCode, out, err } = await tenantry(server.url, `${onboard} ${extras} ${notes}`);

  expect(exitCode).toBe(0);
  expect(server.requests[0]).toMatchObject({
    body: {
      slug: 'acme',
      name: 'Acme Ltd',
      tier: 'growth',
      adminEmail: 'ada@acme.example',
      region: 'us-east-1',
      externalId: 'C-17',
      flags: { editor: 'on', search: 'v2' },
      metadata: { seats: 25, trial: true, account: '007', note: 'a=b' },
    },
    headers: { 'idempotency-key': 'crm-17', authorization: 'Bearer a-token', 'user-agent': 'tenantry-cli' },
  });
  expect(out).toContain('requested');
  expect(out).toContain(operationId);
  expect(err).toContain(`tenantry operation ${operationId} --watch`);
});

test('onboard --watch prints each step as it completes, and finally the tenant', async () => {
  await using server = await onboardingServer(running('provision'), running('provision', 'seed-schema'), anOperation());
  const { exitCode, out, err } = await tenantry(server.url, `${onboard} --watch`);
  expect(exitCode).toBe(0);
  expect(err.trim().split('\n')).toEqual([
    'provision: succeeded, 0.10 s',
    'seed-schema: succeeded, 0.10 s',
    'load-flags: succeeded, 0.10 s',
    'bind-access: succeeded, 0.10 s',
    'health-check: succeeded, 0.10 s',
    'activate: succeeded, 0.10 s',
  ]);
  expect(out).toContain('active');
});

test.each(['onboard', 'retry'])(
  '%s --watch exits 1 when all was rolled back, and says which step failed and why',
  async (command) => {
    await using server = await onboardingServer(running('provision'), aRolledBackOperation());
    const line = command === 'retry' ? 'retry acme --watch' : `${onboard} --watch`;
    const { exitCode, out, err } = await tenantry(server.url, line);
    expect(exitCode).toBe(1);
    expect(err).toContain('load-flags: failed');
    expect(err).toContain(
      'ended as rolled-back: step load-flags failed with invalid_request: flag "beta" is not defined',
    );
    expect(out).toMatch(/Status +failed/);
    expect(out).toMatch(/provision +undone/);
  },
);

test('--watch --json prints only the final state', async () => {
  await using server = await onboardingServer(running('provision'), aRolledBackOperation());
  const watched = await tenantry(server.url, `operation ${operationId} --watch --json`);
  expect(watched.exitCode).toBe(1);
  expect(watched.json()).toEqual(aRolledBackOperation());
  const onboarded = await tenantry(server.url, `--json ${onboard} --watch`);
  expect(onboarded.json()).toMatchObject({ tenant: { status: 'failed' }, operation: { status: 'rolled-back' } });
  expect(onboarded.err).toBe(
    'Operation op_01jdaa0000000000000000000a ended as rolled-back: step load-flags failed with invalid_request: flag "beta" is not defined\n',
  );
});

test('a watch survives transient errors of the API', async () => {
  const answers = [
    new AppError('dependency_unavailable', 'busy'),
    new AppError('rate_limited', 'slow down'),
    anOperation(),
  ];
  await using server = await contractServer({
    getOperation: () => {
      const next = answers.shift();
      if (next instanceof AppError) throw next;
      return next;
    },
  });
  expect(await tenantry(server.url, `operation ${operationId} --watch --json`)).toMatchObject({ exitCode: 0 });
});

test('showing a failed operation exits with 0', async () => {
  await using server = await onboardingServer(aRolledBackOperation());
  const { exitCode, out } = await tenantry(server.url, `operation ${operationId}`);
  expect(exitCode).toBe(0);
  expect(out).toContain('load-flags: invalid_request: flag "beta" is not defined');
});
