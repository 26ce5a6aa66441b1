import { text } from 'node:stream/consumers';
import { expect, expectTypeOf, test } from 'vitest';
import { apiClient, type CallOptions, ProblemError, UnexpectedAnswerError } from '#core/contract/api/client.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { tenantId } from '#test/builders.ts';
import { contractServer, listen } from './contract-server.ts';
import { anOperation, aTenant } from './samples.ts';

const client = (url: string, token = 'a-token') => apiClient({ url, token, fetch });

test('an operation is called by its id, with parameters, query, body, key and token', async () => {
  await using server = await contractServer({
    createTenant: () => ({ tenant: aTenant(), operation: anOperation() }),
    listTenants: () => ({ items: [aTenant()] }),
    getTenant: () => aTenant(),
  });
  const api = client(server.url);
  const body = { slug: 'acme', name: 'Acme Ltd', tier: 'growth', adminEmail: 'ada@acme.example' };
  const created = await api.call('createTenant', { body, headers: { 'Idempotency-Key': 'crm-17' } });
  const listed = await api.call('listTenants', { query: { status: 'active', tier: undefined, limit: 5 } });
  const read = await api.call('getTenant', { params: { tenant: 'a/b' } });

  expect(created).toMatchObject({ status: 202, body: { tenant: { slug: 'acme' } } });
  expect(created.headers.get('x-request-id')).toBe('request-1');
  expect(listed.body.items).toEqual([aTenant()]);
  expect(read.body).toEqual(aTenant());
  const [first, second, third] = server.requests;
  expect(first).toMatchObject({ body, headers: { 'idempotency-key': 'crm-17', authorization: 'Bearer a-token' } });
  expect(second?.query).toEqual({ status: 'active', limit: 5, sort: 'createdAt', order: 'asc' });
  expect(third?.params).toEqual({ tenant: 'a%2Fb' });
});

test('an error is a ProblemError with status, code and invalid fields', async () => {
  await using server = await contractServer({
    getTenant: () => {
      throw new AppError('not_found', 'No tenant "nobody".', { errors: [{ path: '/tenant', message: 'unknown' }] });
    },
  });
  const error = await client(server.url)
    .call('getTenant', { params: { tenant: 'nobody' } })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({
    message: 'No tenant "nobody".',
    status: 404,
    problem: { code: 'not_found', errors: [{ path: '/tenant', message: 'unknown' }] },
  });
});

const plainServer = (status: number, contentType: string, body: string) =>
  listen((_request, response) => response.writeHead(status, { 'content-type': contentType }).end(body));

test('an error of the gateway itself, which is not a problem document, gets the code of its status', async () => {
  await using server = await plainServer(401, 'application/json', '{"message":"Unauthorized"}');
  await expect(client(`${server.url}/prod/`).call('getMe', {})).rejects.toMatchObject({
    status: 401,
    problem: { code: 'not_authenticated', instance: '/prod/v1/me' },
  });
});

test.each([
  ['another program on the port', 'text/html', '<h1>It works!</h1>'],
  ['another version of the contract', 'application/json', `{"tenantId":"${tenantId}"}`],
])('%s is recognized as not this API', async (_what, contentType, body) => {
  await using server = await plainServer(200, contentType, body);
  const call = client(server.url).call('getTenant', { params: { tenant: 'acme' } });
  await expect(call).rejects.toThrow(UnexpectedAnswerError);
  await expect(call).rejects.toThrow(/getTenant/);
});

test('a file is returned unchanged', async () => {
  await using server = await contractServer({ exportTenantAudit: () => '{"seq":1}\n{"seq":2}\n' });
  const { body } = await client(server.url).stream('exportTenantAudit', { params: { tenant: 'acme' } });
  expect(await text(body)).toBe('{"seq":1}\n{"seq":2}\n');
});

test('a call without required options does not compile', () => {
  expectTypeOf<{ query: { limit: 5 } }>().not.toExtend<CallOptions<'getTenant'>>();
  expectTypeOf<{ params: { tenant: string } }>().toExtend<CallOptions<'getTenant'>>();
  expectTypeOf<{ body: { slug: string } }>().not.toExtend<CallOptions<'createTenant'>>();
  expectTypeOf<{ query: { status: 'gone' } }>().not.toExtend<CallOptions<'listTenants'>>();
});
