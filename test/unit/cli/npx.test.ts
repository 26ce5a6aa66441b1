import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { aTenant } from '#test/unit/core/contract/api/samples.ts';

const run = promisify(execFile);
const bin = 'cli/tenantry.ts';

test('the command runs as a program and ends with its exit code', async () => {
  await access(bin, constants.X_OK);
  await using server = await contractServer({ getTenant: () => aTenant() });
  const env = { ...process.env, TENANTRY_URL: server.url, TENANTRY_TOKEN: 'a-token' };
  const { stdout } = await run(bin, ['tenant', 'acme', '--json'], { env });
  expect(JSON.parse(stdout)).toEqual(aTenant());
  await expect(run(bin, ['tenant'], { env })).rejects.toMatchObject({ code: 2 });
});

test('a reader that stops early ends an export without an error', async () => {
  const lines = '{"seq":1}\n'.repeat(200_000);
  await using server = await contractServer({ exportTenantAudit: () => lines });
  const env = { ...process.env, TENANTRY_URL: server.url, TENANTRY_TOKEN: 'a-token' };
  const { stdout, stderr } = await run('bash', ['-c', `set -o pipefail; ${bin} audit export acme | head -n 1`], {
    env,
  });
  expect(stdout).toBe('{"seq":1}\n');
  expect(stderr).toBe('');
});
