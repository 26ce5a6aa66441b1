import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Flag } from '#core/contract/model/flags.ts';
import { aFlag, noon, operationId, shareOf, tenantId } from '#test/builders.ts';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { tenantry } from './command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantry-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const aFileOf = async (content: unknown) => {
  const file = join(folder, 'flag.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

const flag: Flag = {
  key: 'editor',
  ...aFlag({ targeting: shareOf(10) }),
  version: 3,
  updatedAt: noon,
  updatedBy: 'ada',
};
const flip = (slug: string) => ({
  tenantId,
  slug,
  flagKey: 'editor',
  from: { variant: 'off', value: false },
  to: { variant: null, value: null },
});
const proposal = {
  proposalId: 'fp_1',
  status: 'waiting',
  target: { type: 'flag', name: 'editor' },
  definition: null,
  basedOn: 3,
  proposedBy: 'ada',
  proposedAt: noon,
};

test('a printed and edited flag is set only if it has not changed since', async () => {
  await using server = await contractServer({
    getFlag: () => flag,
    putFlag: () => ({ ...flag, version: 4, operationId }),
  });
  const { json } = await tenantry(server.url, 'flag editor --json');
  const file = await aFileOf(json());
  const { out, exitCode } = await tenantry(server.url, `flag set editor --file ${file} --reason ramp`);
  expect(exitCode).toBe(0);
  expect(out).toContain(`editor is now at version 4; operation ${operationId}`);
  expect(server.requests.at(-1)).toMatchObject({
    body: aFlag({ targeting: shareOf(10) }),
    query: { reason: 'ramp' },
    headers: { 'if-match': '"3"' },
  });
});

test('a definition without a version replaces whatever exists', async () => {
  await using server = await contractServer({ putFlag: () => flag });
  const { out } = await tenantry(server.url, `flag set editor --file ${await aFileOf(aFlag())}`);
  expect(out).toContain('No change: editor already has this definition (version 3).');
  expect(server.requests[0]?.headers).not.toHaveProperty('if-match');
});

test('a proposal is approved by its id', async () => {
  await using server = await contractServer({
    approveProposal: () => ({ ...proposal, status: 'approved' }),
  });
  expect((await tenantry(server.url, 'proposal approve fp_1')).out).toContain('The change to editor is approved.');
});

test.each([
  ['invalid JSON', '{', 'is not valid JSON'],
  ['an invalid definition', { state: 'MAYBE' }, 'is invalid:'],
])('a file with %s is rejected before anything is sent', async (_, content, message) => {
  await using server = await contractServer({});
  const { exitCode, err } = await tenantry(server.url, `flag set editor --file ${await aFileOf(content)}`);
  expect(exitCode).toBe(2);
  expect(err).toContain(message);
  expect(server.requests).toEqual([]);
});

test('a preview reads all pages and shows the totals', async () => {
  await using server = await contractServer({
    previewFlag: ({ query: { cursor } }) => ({
      count: 3,
      tenants: 3,
      flips: cursor === undefined ? [flip('acme'), flip('bolt')] : [flip('cable')],
      ...(cursor === undefined && { nextCursor: 'more' }),
    }),
  });
  const { out } = await tenantry(server.url, `flag preview editor --file ${await aFileOf(aFlag())}`);
  expect(out).toContain('3 flips for 3 tenants');
  expect(out).toMatch(/acme +editor +off \(false\) +–/);
  expect(out).toContain('cable');
});

test('an override needs a reason, and is confirmed', async () => {
  await using server = await contractServer({
    putOverride: () => ({ tenantId, flagKey: 'editor', variant: 'on', reason: 'pilot', updatedAt: noon }),
  });
  expect((await tenantry(server.url, 'flag override editor acme on')).exitCode).toBe(2);
  const { out } = await tenantry(server.url, 'flag override editor acme on --reason pilot');
  expect(out).toContain('editor is now "on" for acme.');
  expect(server.requests).toMatchObject([
    { params: { key: 'editor', tenant: 'acme' }, body: { variant: 'on', reason: 'pilot' } },
  ]);
});

test('a tenant’s flags are listed, without values where the application decides', async () => {
  await using server = await contractServer({
    listTenantFlags: () => ({
      items: [
        { key: 'editor', value: true, variant: 'on', reason: 'TARGETING_MATCH', overridden: true },
        { key: 'old', reason: 'DISABLED', overridden: false },
      ],
    }),
  });
  const { out } = await tenantry(server.url, 'tenant-flags acme');
  expect(out).toMatch(/editor +true +on +TARGETING_MATCH +yes/);
  expect(out).toMatch(/old +– +– +DISABLED +–/);
});

test('a flag-change operation shows its progress', async () => {
  await using server = await contractServer({
    getOperation: () => ({
      id: operationId,
      kind: 'propagate-flag-change',
      subject: { type: 'flagset', id: 'flagset' },
      status: 'succeeded',
      steps: [{ name: 'propagate-to-tenants', status: 'succeeded', attempts: 1 }],
      details: { flagSetVersion: 7, target: { type: 'flag', id: 'editor' }, flips: 3 },
      progress: { done: 250, total: 250, unit: 'tenants' },
      startedAt: noon,
      endedAt: noon,
    }),
  });
  const { out, exitCode } = await tenantry(server.url, `operation ${operationId} --watch`);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/Progress +250 of 250 tenants/);
  expect(out).toMatch(/Target +flag editor/);
  expect(out).toMatch(/Flips +3/);
});

test('a dry-run import shows what it would change', async () => {
  const none = { created: [], changed: [], deleted: [] };
  await using server = await contractServer({
    putFlagSet: () => ({
      version: 4,
      flags: { ...none, created: ['editor'] },
      evaluators: none,
      preview: { count: 1, tenants: 1, flips: [flip('acme')] },
    }),
  });
  const file = await aFileOf({ flags: { editor: aFlag() } });
  const { out } = await tenantry(server.url, `flagset import ${file} --dry-run`);
  expect(server.requests[0]).toMatchObject({ query: { dryRun: true } });
  expect(out).toContain('1 flip for 1 tenant\n');
});
