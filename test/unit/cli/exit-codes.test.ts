import { expect, test } from 'vitest';
import { AppError, errorCatalogue, errorCodes } from '#core/contract/api/errors.ts';
import { contractServer, listen } from '#test/unit/core/contract/api/contract-server.ts';
import { aTenant } from '#test/unit/core/contract/api/samples.ts';
import { tenantry } from './command-line.ts';

const expected: Record<number, number> = { 400: 2, 401: 3, 403: 3, 404: 4, 409: 5, 413: 2, 429: 1, 500: 1, 503: 1 };

test.each(errorCodes)('an error %s is printed and exits with the code of its status', async (code) => {
  await using server = await contractServer({
    getTenant: () => {
      throw new AppError(code, 'Told in full.', { errors: [{ path: '/slug', message: 'is odd' }] });
    },
  });
  const { exitCode, out, err } = await tenantry(server.url, 'tenant acme');
  expect(exitCode).toBe(expected[errorCatalogue[code].status]);
  expect(out).toBe('');
  expect(err).toBe(`${code}: Told in full.\n  /slug is odd\n`);
});

test.each([
  ['an unknown command', 'tenantz'],
  ['a missing argument', 'tenant'],
  ['a missing option', 'onboard acme --tier growth'],
  ['an unknown option', 'tenants --colour red'],
  ['an unknown status', 'tenants --status gone'],
  ['a limit that is no number', 'tenants --limit many'],
  ['a time that is none', 'audit acme --from yesterday-ish'],
  ['an entry without a value', 'onboard acme --name A --tier t --admin-email a@b.c --flag editor'],
  ['a group without its command', 'shard'],
])('%s exits with 2 and prints an error', async (_what, line) => {
  await using server = await contractServer({});
  const { exitCode, out, err } = await tenantry(server.url, line);
  expect(exitCode).toBe(2);
  expect(out).toBe('');
  expect(err).not.toBe('');
});

test.each(['--help', 'onboard --help', 'audit verify --help'])(
  '%s lists the exit codes and exits with 0',
  async (line) => {
    const { exitCode, out } = await tenantry('http://127.0.0.1:9', line);
    expect(exitCode).toBe(0);
    for (const code of [0, 1, 2, 3, 4, 5]) expect(out).toMatch(new RegExp(`^  ${code}  \\S`, 'm'));
  },
);

test('an unreachable local run suggests npm start', async () => {
  const { exitCode, err } = await tenantry('http://127.0.0.1:9', 'tenants', {});
  expect(exitCode).toBe(1);
  expect(err).toContain('npm start');
});

test('without a token, only a local run is asked for one', async () => {
  await using server = await contractServer({ getTenant: () => aTenant() });
  expect(await tenantry(server.url, 'tenant acme', {})).toMatchObject({ exitCode: 0 });
  expect(server.requests[0]?.headers.authorization).toBe('Bearer local:{"role":"platform-admin"}');
  const elsewhere = await tenantry('https://api.tenantry.example', 'tenant acme', {});
  expect(elsewhere).toMatchObject({ exitCode: 3 });
  expect(elsewhere.err).toContain('TENANTRY_TOKEN');
});

test('a local server that is not a local run is recognized', async () => {
  await using server = await listen((_request, response) => response.writeHead(404).end());
  const { exitCode, err } = await tenantry(server.url, 'tenants', {});
  expect(exitCode).toBe(3);
  expect(err).toContain('is not a local run');
});

test('an invalid URL is a usage error', async () => {
  expect(await tenantry('here', 'tenants')).toMatchObject({ exitCode: 2 });
});
