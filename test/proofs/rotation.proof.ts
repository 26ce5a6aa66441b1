import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TenantDatabase } from '#examples/helpdesk/connect.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { ServedTenant } from '#test/local/system/served-tenant.ts';

const rotations = 20;
const queriesPerSecond = 200;

let system: System;
let tenant: ServedTenant;
beforeAll(async () => {
  system = await (await newSystem()).start();
  tenant = await ServedTenant.onboard(system, { tier: 'growth' });
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

/** Sends queries at a steady rate until it is stopped, whether or not those before have been answered. */
const load = (database: TenantDatabase) => {
  const answers: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const began = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * queriesPerSecond);
    while (answers.length < due) {
      answers.push(database.query('select count(*) from tickets').catch((error: unknown) => failures.push(error)));
    }
  }, 5);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(answers);
      return { queries: answers.length, failures, seconds: (performance.now() - began) / 1000 };
    },
  };
};

const rootReads = async () => {
  const { body } = await system.call<{ items: { actor: { id: string } }[] }>(
    `/v1/tenants/${tenant.tenantId}/audit?limit=200&actor=arn:aws:iam::000000000000:root`,
  );
  return body.items.length;
};

it(`a client of ${queriesPerSecond} queries a second that reads its secret again when refused misses none over ${rotations} rotations`, async () => {
  const { secretId, secretsManager, connection } = tenant;
  const options = `-c search_path=${tenant.namespace}`;
  // One query in ten logs in anew, so that each rotation meets logins at every one of its moments.
  const database = new TenantDatabase({
    secretId,
    secrets: secretsManager,
    connection: { ...connection, options, max: 10, maxUses: 10 },
  });
  const readsBefore = await rootReads();
  const { stop } = load(database);
  const passwords = new Set<string>();
  for (let turn = 0; turn < rotations; turn += 1) {
    const { versions } = await tenant.rotated();
    passwords.add(versions.find(({ stages }) => stages.includes('AWSCURRENT'))?.versionId ?? '');
    await delay(200);
  }
  const { queries, failures, seconds } = await stop();
  await database.end();
  const reads = (await rootReads()) - readsBefore;
  process.stdout.write(
    `${JSON.stringify({ proof: 'rotation', rotations: passwords.size, queries, failed: failures.length, perSecond: Math.round(queries / seconds), secretReads: reads })}\n`,
  );
  expect(failures).toEqual([]);
  expect(passwords.size).toBe(rotations);
  expect(queries).toBeGreaterThan(rotations * 0.2 * queriesPerSecond);
  // Once at its start, and at most once for each rotation that refused it.
  expect(reads).toBeGreaterThan(1);
  expect(reads).toBeLessThanOrEqual(1 + rotations);
}, 300_000);

const awsCalls = {
  createSecret: 'PutSecretValue',
  setSecret: 'GetSecretValue',
  testSecret: 'GetSecretValue',
  finishSecret: 'UpdateSecretVersionStage',
} as const;
const steps = Object.keys(awsCalls) as (keyof typeof awsCalls)[];
const faults = steps.flatMap((Step) => [
  { Step, kind: 'throw', error: 'PlannedError' },
  { Step, kind: 'throw-after', error: 'PlannedError' },
  { Step, kind: 'timeout' },
  { Step, kind: 'aws', operation: awsCalls[Step], error: 'AccessDeniedException' },
]);
/** Then the rotation has taken effect, and only its answer is lost. */
const isTooLate = ({ Step, kind }: (typeof faults)[number]) => Step === 'finishSecret' && kind === 'throw-after';

describe('a fault leaves a secret that works, and is repaired by the next rotation', () => {
  it.each(faults.filter((fault) => !isTooLate(fault)))('$Step: $kind', async ({ Step, ...fault }) => {
    const old = await tenant.password();
    const failures = (await tenant.audited('secret.rotation.failed')).length;
    await system.fault({ function: 'rotate-secret', ...fault, where: { Step } });
    const versionId = await tenant.rotate();
    await tenant.untilAudited('secret.rotation.failed', failures + 1);
    expect(await tenant.password()).toBe(old);
    expect(await tenant.logsIn(old)).toBe(true);
    expect(await tenant.rotate()).toBe(versionId);
    await tenant.untilCurrent(versionId);
    expect(await tenant.logsIn(await tenant.password())).toBe(true);
    expect(await tenant.logsIn(old)).toBe(false);
  });

  it.each(faults.filter(isTooLate))('$Step: $kind', async ({ Step, ...fault }) => {
    const old = await tenant.password();
    const count = (await tenant.audited('secret.rotated')).length;
    await system.fault({ function: 'rotate-secret', ...fault, where: { Step } });
    await tenant.rotate();
    await tenant.untilAudited('secret.rotated', count + 1);
    expect(await tenant.logsIn(await tenant.password())).toBe(true);
    expect(await tenant.logsIn(old)).toBe(false);
    await tenant.rotated();
    expect(await tenant.logsIn(await tenant.password())).toBe(true);
  });
});

it('a rotation cut off by a crash goes on at the next start', async () => {
  const versionId = await tenant.rotate();
  await system.kill();
  await system.start();
  const again = await ServedTenant.of(system, tenant.tenantId);
  await again.untilCurrent(versionId);
  expect(await again.logsIn(await again.password())).toBe(true);
  expect((await system.call(`/v1/tenants/${tenant.tenantId}/audit/verify`)).body).toMatchObject({ valid: true });
});
