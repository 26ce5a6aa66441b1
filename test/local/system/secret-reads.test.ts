import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import { newSystem, type System } from './harness.ts';
import { ServedTenant } from './served-tenant.ts';

let system: System;
let tenant: ServedTenant;
beforeAll(async () => {
  system = await (await newSystem()).start();
  tenant = await ServedTenant.onboard(system);
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

const verified = async (tenantId: string) => (await system.call(`/v1/tenants/${tenantId}/audit/verify`)).body;

describe('a read of a secret', () => {
  it('is audited for the onboarding, which reads it once', async () => {
    const [event, ...others] = await tenant.untilAudited('secret.accessed', 1);
    expect(event).toMatchObject({
      actor: { type: 'service', id: 'arn:aws:sts::000000000000:assumed-role/health-check/local' },
      target: { type: 'secret', id: tenant.secretId },
      source: { ip: '127.0.0.1' },
    });
    expect(others).toEqual([]);
  });

  it('by whoever it may be is audited once, with who it was and when', async () => {
    const before = await tenant.audited('secret.accessed');
    await Promise.all(Array.from({ length: 10 }, () => tenant.password()));
    const after = await tenant.untilAudited('secret.accessed', before.length + 10);
    expect(after).toHaveLength(before.length + 10);
    const reads = after.slice(before.length);
    expect(new Set(reads.map(({ requestId }) => requestId)).size).toBe(10);
    for (const read of reads) {
      expect(read).toMatchObject({
        actor: { type: 'user', id: 'arn:aws:iam::000000000000:root' },
        after: { at: expect.stringMatching(/^\d{4}-.*Z$/), versionStage: 'AWSCURRENT' },
        source: { ip: '127.0.0.1', userAgent: expect.stringContaining('aws-sdk-js') },
      });
    }
    expect(await verified(tenant.tenantId)).toMatchObject({ valid: true });
  });

  it('that is told twice is audited once', async () => {
    const before = await tenant.audited('secret.accessed');
    await system.fault({ function: 'record-secret-read', kind: 'throw-after' });
    await tenant.password();
    await tenant.untilAudited('secret.accessed', before.length + 1);
    await system.until('the event to be delivered again', async () => {
      const { body } = await system.call<{ items: unknown[] }>('/_local/faults');
      return body.items.length === 0 ? true : { not: body };
    });
    await tenant.password();
    const after = await tenant.untilAudited('secret.accessed', before.length + 2);
    expect(after).toHaveLength(before.length + 2);
  });

  it('that is told after the roll-back brings nothing back', async () => {
    await system.fault({ function: 'record-secret-read', kind: 'throw', times: 2 });
    await system.fault({ function: 'health-check', kind: 'throw-after', error: 'PlannedError' });
    const { tenant: failing, operation } = (await system.onboard({ tier: 'growth' })).body;
    await system.untilOperation(operation.id, 'rolled-back');
    await system.until('the read to be told of', async () => {
      const events = await system.audited(failing.tenantId, 'action=secret.accessed');
      return events.length > 0 ? true : { not: events };
    });
    const actions = (await system.audited(failing.tenantId)).map(({ action }) => action);
    expect(actions).toContain('tenant.rolled-back');
    expect(await system.tenant(failing.tenantId)).toMatchObject({ status: 'failed' });
    expect(await system.tracesOf(failing.tenantId)).toEqual([]);
    expect(await verified(failing.tenantId)).toMatchObject({ valid: true });
  });

  it('of no tenant’s secret is audited nowhere', async () => {
    const Name = 'tenantry/tenants/not-an-id/database';
    await tenant.secretsManager.send(new CreateSecretCommand({ Name, SecretString: '{}' }));
    await tenant.secretsManager.send(new GetSecretValueCommand({ SecretId: Name }));
    const before = await tenant.audited('secret.accessed');
    await tenant.password();
    await tenant.untilAudited('secret.accessed', before.length + 1);
    const { body } = await system.call<{ items: { action: string }[] }>('/v1/audit?limit=200');
    expect(body.items.filter(({ action }) => action === 'secret.accessed')).toEqual([]);
  });
});

it('waits for Secrets Manager to have deleted the secret of an earlier attempt', async () => {
  const secretsManager = new SecretsManagerClient(system.aws);
  const request = system.request();
  await system.fault({ function: 'activate', kind: 'throw', error: 'PlannedError' });
  const { tenant: failing, operation } = (
    await system.call<{ tenant: { tenantId: string }; operation: { id: string } }>('/v1/tenants', {
      method: 'POST',
      body: request,
    })
  ).body;
  await system.untilOperation(operation.id, 'rolled-back');
  const SecretId = tenantDatabaseSecretName(failing.tenantId);
  await secretsManager.send(new CreateSecretCommand({ Name: SecretId, SecretString: '{}' }));
  await secretsManager.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));

  const retried = await system.call<{ operation: { id: string } }>(`/v1/tenants/${request.slug}/retry`, {
    method: 'POST',
  });
  await system.until('provision to have failed once', async () => {
    const { body } = await system.call<{ items: { action: string }[] }>(`/v1/tenants/${failing.tenantId}/audit`);
    return body.items.filter(({ action }) => action === 'tenant.placed').length === 2 ? true : { not: body };
  });
  // At once: were it restored first, a try that comes in between would take it for the tenant's own.
  await secretsManager.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  const ended = await system.untilOperation(retried.body.operation.id);
  expect(ended).toMatchObject({ status: 'succeeded' });
  expect(ended.steps[0]!.attempts).toBeGreaterThan(1);
});
