import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotateSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Secret } from '#core/contract/model/secret.ts';
import { TenantDatabase } from '#examples/helpdesk/connect.ts';
import { newSystem, type System } from './harness.ts';
import { ServedTenant } from './served-tenant.ts';

let system: System;
let tenant: ServedTenant;
beforeAll(async () => {
  system = await (await newSystem()).start();
  tenant = await ServedTenant.onboard(system, { tier: 'growth' });
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

const versionAt = ({ versions }: Secret, stage: string) =>
  versions.find(({ stages }) => stages.includes(stage))?.versionId;

const untilLogged = (message: string) =>
  system.until(`the log to tell: ${message}`, async () => {
    const log = await readFile(join(system.folder, 'logs', 'functions.ndjson'), 'utf8');
    return log.includes(message) ? true : { not: log.slice(-2_000) };
  });

describe('a rotation that is asked for', () => {
  it('puts a new password into Secrets Manager and the database, and leaves open connections alone', async () => {
    const [old, before] = [await tenant.password(), await tenant.described()];
    const open = tenant.client(old);
    await open.connect();
    const admin = await system.token('tenant-admin', tenant.tenantId);
    const versionId = await tenant.rotate(admin);
    const after = await tenant.untilCurrent(versionId);

    const fresh = await tenant.password();
    expect(fresh).not.toBe(old);
    expect(await Promise.all([tenant.logsIn(fresh), tenant.logsIn(old)])).toEqual([true, false]);
    expect((await open.query('select session_user as me')).rows).toEqual([{ me: tenant.tenantId }]);
    await open.end();
    expect(await tenant.password('AWSPREVIOUS')).toBe(old);
    expect(versionAt(after, 'AWSPREVIOUS')).toBe(versionAt(before, 'AWSCURRENT'));
    expect(JSON.stringify(after)).not.toContain(fresh);
  });

  it('is audited as the one who asked for it, once', async () => {
    const by = { type: 'user', id: `local-tenant-admin-${tenant.tenantId}`, role: 'tenant-admin' };
    const versionId = versionAt(await tenant.described(), 'AWSCURRENT');
    const [asked, ...others] = await tenant.audited('secret.rotation.requested');
    const [rotated, ...more] = await tenant.untilAudited('secret.rotated', 1);
    for (const event of [asked, rotated]) expect(event).toMatchObject({ actor: by, after: { versionId } });
    expect(rotated?.requestId).toBe(asked?.requestId);
    expect([...others, ...more]).toEqual([]);
  });

  it.each([
    ['tenant-member', 403, 'not_allowed'],
    ['sales', 403, 'not_allowed'],
    ['platform-auditor', 403, 'not_allowed'],
  ] as const)('is refused to a %s', async (role, status, code) => {
    const token = await system.token(role, role === 'tenant-member' ? tenant.tenantId : undefined);
    const path = `/v1/tenants/${tenant.tenantId}/secrets/rotate`;
    expect(await system.call(path, { method: 'POST', token })).toMatchObject({ status, body: { code } });
  });

  it('is not found by the administrator of another tenant', async () => {
    const other = await ServedTenant.onboard(system);
    const token = await system.token('tenant-admin', other.tenantId);
    for (const [method, path] of [
      ['POST', `/v1/tenants/${tenant.tenantId}/secrets/rotate`],
      ['GET', `/v1/tenants/${tenant.tenantId}/secrets`],
    ] as const) {
      expect(await system.call(path, { method, token })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('is refused for a tenant that is not in service, which has no secret either', async () => {
    await system.fault({ function: 'seed-schema', kind: 'throw', error: 'PlannedError' });
    const { tenant: failing, operation } = (await system.onboard()).body;
    await system.untilOperation(operation.id, 'rolled-back');
    const path = `/v1/tenants/${failing.tenantId}/secrets`;
    expect(await system.call(`${path}/rotate`, { method: 'POST' })).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
    expect((await system.call(path)).body).toEqual({ items: [] });
  });
});

it('comes by itself after the days that the tier says', async () => {
  const days = (Date.parse((await tenant.described()).nextRotationAt ?? '') - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);
  const before = await tenant.audited('secret.rotated');
  // The same rule with a shorter period: the tokens of this test are good for twelve hours, and one day will do.
  const RotationRules = { AutomaticallyAfterDays: 1 };
  await tenant.secretsManager.send(
    new RotateSecretCommand({ SecretId: tenant.secretId, RotationRules, RotateImmediately: false }),
  );
  await system.advance(86_460);
  const events = await tenant.untilAudited('secret.rotated', before.length + 1);
  expect(events.at(-1)).toMatchObject({ actor: { type: 'schedule' } });
  const { lastRotatedAt } = await system.until<Secret>('the rotation to have ended', async () => {
    const secret = await tenant.described();
    return secret.versions.some(({ stages }) => stages.includes('AWSPENDING')) ? { not: secret } : secret;
  });
  expect(Date.parse(lastRotatedAt ?? '')).toBeGreaterThan(Date.now() + 7_000_000);
  expect(await tenant.logsIn(await tenant.password())).toBe(true);
});

describe('a rotation that fails', () => {
  const failing = [
    ['createSecret', { kind: 'aws', operation: 'PutSecretValue', error: 'InternalServiceError' }],
    ['setSecret', { kind: 'throw-after', error: 'PlannedError' }],
    ['testSecret', { kind: 'throw', error: 'PlannedError' }],
    ['finishSecret', { kind: 'aws', operation: 'UpdateSecretVersionStage', error: 'InternalServiceError' }],
  ] as const;
  it.each(failing)('at %s leaves the old secret working, is told of, and repaired by the next', async (Step, fault) => {
    const old = await tenant.password();
    const [failures, rotations] = [
      await tenant.audited('secret.rotation.failed'),
      await tenant.audited('secret.rotated'),
    ];
    await system.fault({ function: 'rotate-secret', ...fault, where: { Step } });
    const versionId = await tenant.rotate();
    const failed = await tenant.untilAudited('secret.rotation.failed', failures.length + 1);
    expect(failed.at(-1)).toMatchObject({ actor: { id: 'settle-rotation' }, after: { restored: false } });
    expect(await tenant.password()).toBe(old);
    expect(await tenant.logsIn(old)).toBe(true);
    const alarms = await system.call<{ items: { name: string; state: string }[] }>('/_local/alarms');
    expect(alarms.body.items).toContainEqual(expect.objectContaining({ name: 'rotation-failed', state: 'ALARM' }));

    expect(await tenant.rotate()).toBe(versionId);
    await tenant.untilCurrent(versionId);
    expect(await tenant.logsIn(await tenant.password())).toBe(true);
    expect(await tenant.logsIn(old)).toBe(false);
    expect(await tenant.untilAudited('secret.rotated', rotations.length + 1)).toHaveLength(rotations.length + 1);
  });

  it('only by its answer has taken effect, and is no failure', async () => {
    const old = await tenant.password();
    const failures = await tenant.audited('secret.rotation.failed');
    await system.fault({ function: 'rotate-secret', kind: 'throw-after', where: { Step: 'finishSecret' } });
    const versionId = await tenant.rotate();
    await untilLogged('a rotation that was reported as failed took effect');
    expect(versionAt(await tenant.described(), 'AWSCURRENT')).toBe(versionId);
    expect(await tenant.logsIn(await tenant.password())).toBe(true);
    expect(await tenant.logsIn(old)).toBe(false);
    expect(await tenant.audited('secret.rotation.failed')).toEqual(failures);
    await tenant.rotated();
  });

  it('only to write down that it took effect is written down all the same', async () => {
    const rotations = await tenant.audited('secret.rotated');
    const fault = { kind: 'aws', operation: 'TransactWriteItems', error: 'InternalServerError' };
    await system.fault({ function: 'rotate-secret', ...fault });
    const versionId = await tenant.rotate();
    const events = await tenant.untilAudited('secret.rotated', rotations.length + 1);
    expect(events.at(-1)?.after).toEqual({ versionId });
    expect(await tenant.logsIn(await tenant.password())).toBe(true);
  });

  it('by being killed between Secrets Manager and the database is settled: what is current works', async () => {
    await system.fault({ function: 'rotate-secret', kind: 'throw', where: { Step: 'testSecret' } });
    const failures = await tenant.audited('secret.rotation.failed');
    const pending = await tenant.rotate();
    await tenant.untilAudited('secret.rotation.failed', failures.length + 1);
    const current = versionAt(await tenant.described(), 'AWSCURRENT');
    // What a kill in the midst of the last step leaves.
    await tenant.secretsManager.send(
      new UpdateSecretVersionStageCommand({
        SecretId: tenant.secretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: pending,
        RemoveFromVersionId: current,
      }),
    );
    expect(await tenant.logsIn(await tenant.password())).toBe(false);
    await system.fault({ function: 'rotate-secret', kind: 'throw', where: { Step: 'createSecret' } });
    await tenant.rotate();
    const settled = await tenant.untilAudited('secret.rotation.failed', failures.length + 2);
    expect(settled.at(-1)?.after).toEqual({ restored: true });
    expect(versionAt(await tenant.described(), 'AWSCURRENT')).toBe(pending);
    expect(await tenant.logsIn(await tenant.password())).toBe(true);
  });
});

it('a client that reads its secret again once, when refused, misses no query', async () => {
  const { secretId, connection, secretsManager } = tenant;
  // A new login for every few queries: those are what a rotation could refuse.
  const database = new TenantDatabase({
    secretId,
    secrets: secretsManager,
    connection: { ...connection, max: 8, maxUses: 3 },
  });
  const load = { running: true, queries: 0 };
  const worker = async () => {
    while (load.running) {
      await database.query('select 1');
      load.queries += 1;
    }
  };
  const workers = [worker(), worker()];
  for (let turn = 0; turn < 3; turn += 1) await tenant.rotated();
  load.running = false;
  await Promise.all(workers);
  await database.end();
  expect(load.queries).toBeGreaterThan(20);
});

it('leaves an audit chain that holds', async () => {
  expect((await system.call(`/v1/tenants/${tenant.tenantId}/audit/verify`)).body).toMatchObject({ valid: true });
});
