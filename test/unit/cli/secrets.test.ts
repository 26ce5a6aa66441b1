import { expect, test } from 'vitest';
import { AppError } from '#core/contract/api/errors.ts';
import { noon, tenantId } from '#test/builders.ts';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { tenantry } from './command-line.ts';

const versionId = '0b0e7a6e-4b52-4c58-9a0f-2b4f6d0c9a11';
const aSecret = (stages: string[] = ['AWSCURRENT']) => ({
  name: 'database',
  path: `tenantry/tenants/${tenantId}/database`,
  createdAt: noon,
  nextRotationAt: noon,
  rotationDays: 30,
  versions: [{ versionId, stages, createdAt: noon }],
});

test('secrets shows versions and dates, within 100 columns', async () => {
  await using server = await contractServer({ listSecrets: () => ({ items: [aSecret()] }) });
  const { exitCode, out } = await tenantry(server.url, 'secrets acme');
  expect(exitCode).toBe(0);
  for (const shown of [versionId, 'AWSCURRENT', '30 days', aSecret().path]) expect(out).toContain(shown);
  expect(Math.max(...out.split('\n').map((row) => row.length))).toBeLessThanOrEqual(100);
  expect(server.requests[0]?.params).toEqual({ tenant: 'acme' });
});

test('secrets says so if a tenant has none', async () => {
  await using server = await contractServer({ listSecrets: () => ({ items: [] }) });
  expect((await tenantry(server.url, 'secrets acme')).out.trim()).toBe('This tenant has no secrets.');
  expect((await tenantry(server.url, 'secrets acme --json')).json()).toEqual({ items: [] });
});

test('secrets rotate starts a rotation and shows its version', async () => {
  await using server = await contractServer({ rotateSecrets: () => ({ name: 'database', versionId }) });
  const { exitCode, json } = await tenantry(server.url, 'secrets rotate acme --json');
  expect(exitCode).toBe(0);
  expect(json()).toEqual({ name: 'database', versionId });
  expect(server.requests.map(({ operationId }) => operationId)).toEqual(['rotateSecrets']);
});

test('secrets rotate --watch waits until the version is current', async () => {
  const stages = [['AWSPENDING'], ['AWSCURRENT']];
  await using server = await contractServer({
    rotateSecrets: () => ({ name: 'database', versionId }),
    listSecrets: () => ({ items: [aSecret(stages.shift())] }),
  });
  const { exitCode, json } = await tenantry(server.url, 'secrets rotate acme --watch --json');
  expect(exitCode).toBe(0);
  expect(json()).toEqual({ items: [aSecret()] });
  expect(stages).toEqual([]);
});

test('secrets rotate exits with the code of the API’s error', async () => {
  await using server = await contractServer({
    rotateSecrets: () => {
      throw new AppError('invalid_transition', "Only an active tenant's secret can be rotated; this one is failed.");
    },
  });
  const { exitCode, err } = await tenantry(server.url, 'secrets rotate acme');
  expect(exitCode).toBe(5);
  expect(err).toContain('this one is failed');
});
