import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '#core/contract/api/errors.ts';
import { problemSchema, securityHeaders } from '#core/contract/api/http.ts';
import { anHttpEvent, anOnboardingRequest, otherTenantId, tenantId } from '#test/builders.ts';

// The logger writes to the console, where a test can read it, only in this mode, which it reads when it is made.
vi.hoisted(() => vi.resetModules().stubEnv('POWERTOOLS_DEV', 'true'));
afterAll(() => void vi.unstubAllEnvs());
const { http } = await import('#functions/shell/http.ts');
type Operations = Parameters<typeof http>[1];

const limits = { requestsPerSecond: 1, burst: 1 };

let lines: { message: string; requestId?: string; tenantId?: string; error?: { name: string } }[];

beforeEach(() => {
  lines = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  }
});
afterEach(() => vi.restoreAllMocks());

/** Limits are kept in a table: their own tests ask one. */
const unlimited = async () => undefined;
const refusing = async () => {
  throw new AppError('rate_limited', 'Too many.', { retryAfter: 7 });
};

const call = async (
  operations: Operations,
  event: Parameters<typeof anHttpEvent>[0],
  counted: () => Promise<void> = unlimited,
) => {
  const result = await http('test-api', operations, { counted })(anHttpEvent(event), {});
  return { ...result, body: JSON.parse(result.body ?? 'null') };
};

const failing = (error: unknown): Operations => ({
  getHealth: async () => {
    throw error;
  },
});
const healthCall = { routeKey: 'GET /healthz' };

describe('an answer', () => {
  test('has the status of its route, a JSON body, the operation’s headers and the id of its request', async () => {
    const operations: Operations = {
      createTenant: async ({ body }) => ({ body: body as never, headers: { location: '/v1/operations/op_1' } }),
    };
    const answer = await call(operations, {
      routeKey: 'POST /v1/tenants',
      body: JSON.stringify(anOnboardingRequest()),
    });
    expect(answer).toEqual({
      statusCode: 202,
      headers: {
        ...securityHeaders,
        'content-type': 'application/json',
        location: '/v1/operations/op_1',
        'x-request-id': 'request-1',
      },
      body: anOnboardingRequest(),
    });
  });

  test('of text is sent unchanged', async () => {
    const operations: Operations = {
      exportTenantAudit: async () => ({ body: 'seq\r\n1\r\n', headers: { 'content-type': 'text/csv' } }),
    };
    const event = anHttpEvent({ routeKey: 'GET /v1/tenants/{tenant}/audit/export' });
    expect(await http('test-api', operations, { counted: unlimited })(event, {})).toMatchObject({
      body: 'seq\r\n1\r\n',
      headers: { 'content-type': 'text/csv' },
    });
  });
});

describe('an operation', () => {
  test('knows the caller, its address, the request, and how far the role reaches', async () => {
    const seen = vi.fn();
    await call(
      { getMe: async (asked) => (seen(asked), { body: { id: '', role: 'sales', operations: [], limits } }) },
      { routeKey: 'GET /v1/me', claims: { sub: 'eve', tenantry_role: 'platform-auditor', iat: '1764100000' } },
    );
    expect(seen.mock.lastCall?.[0]).toMatchObject({
      principal: { id: 'eve', role: 'platform-auditor', issuedAt: 1_764_100_000 },
      reach: 'any',
      cause: {
        actor: { type: 'user', id: 'eve', role: 'platform-auditor' },
        requestId: 'request-1',
        source: { ip: '203.0.113.7', userAgent: 'test' },
      },
    });
  });

  test('identifies the caller by the token alone, whatever path, query, headers and body say', async () => {
    const seen = vi.fn();
    const forged = { sub: 'mallory', tenantry_role: 'platform-admin', tenantry_tenant: otherTenantId };
    await call(
      { getTenant: async (asked) => (seen(asked), { body: {} as never }) },
      {
        routeKey: 'GET /v1/tenants/{tenant}',
        claims: { sub: 'eve', tenantry_role: 'sales' },
        pathParameters: { tenant: otherTenantId },
        queryStringParameters: forged,
        headers: forged,
        body: JSON.stringify(forged),
      },
    );
    expect(seen.mock.lastCall?.[0]).toMatchObject({
      principal: { id: 'eve', role: 'sales' },
      reach: 'onboarded',
      cause: { actor: { type: 'user', id: 'eve', role: 'sales' } },
    });
  });

  test('that is public is called without a token, and reaches no tenant', async () => {
    const seen = vi.fn();
    const event = { routeKey: 'GET /healthz', claims: {} };
    const answer = await call({ getHealth: async (asked) => (seen(asked), { body: { status: 'ok' } }) }, event);
    expect(answer.statusCode).toBe(200);
    expect(seen.mock.lastCall?.[0]).toMatchObject({ reach: 'own', principal: { id: 'anonymous' } });
    expect(seen.mock.lastCall?.[0].principal).not.toHaveProperty('tenantId');
  });

  test('is not called with a token of an unknown role', async () => {
    const answer = await call({ getMe: () => expect.fail('was called') }, { claims: { sub: 'eve' } });
    expect(answer).toMatchObject({ statusCode: 401, body: { code: 'not_authenticated' } });
  });

  test('is not called with malformed input', async () => {
    const event = { routeKey: 'POST /v1/tenants', body: '{"slug":7}' };
    const answer = await call({ createTenant: () => expect.fail('was called') }, event);
    expect(answer).toMatchObject({ statusCode: 400, body: { code: 'invalid_request', errors: expect.any(Array) } });
  });

  test('is chosen by method and path', async () => {
    const operations: Operations = {
      createTenant: () => expect.fail('was called'),
      listTenants: async () => ({ body: { items: [] } }),
    };
    expect(await call(operations, { routeKey: 'GET /v1/tenants' })).toMatchObject({ body: { items: [] } });
  });

  test('of another function is not found', async () => {
    const answer = await call({}, healthCall);
    expect(answer).toMatchObject({ statusCode: 404, body: { code: 'not_found' } });
  });
});

describe('a caller beyond its limits', () => {
  test('is refused before anything is done, with the time to retry', async () => {
    const answer = await call({ getMe: () => expect.fail('was called') }, {}, refusing);
    expect(answer).toMatchObject({
      statusCode: 429,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '7' },
      body: { code: 'rate_limited', detail: 'Too many.' },
    });
  });

  test('is refused before it is authorized: a flood of denied requests writes no audit events', async () => {
    const event = { routeKey: 'POST /v1/tenants', claims: { sub: 'eve', tenantry_role: 'platform-auditor' } };
    const answer = await call({ createTenant: () => expect.fail('was called') }, event, refusing);
    expect(answer.statusCode).toBe(429);
  });

  test('is not logged', async () => {
    await call({ getMe: () => expect.fail('was called') }, {}, refusing);
    expect(lines).toEqual([]);
  });
});

describe('a failure', () => {
  test('of the catalogue is answered as a problem with its code, message and field errors', async () => {
    const errors = [{ path: '/tier', message: 'must be one of starter' }];
    const answer = await call(
      failing(new AppError('invalid_request', 'There is no tier "gold".', { errors })),
      healthCall,
    );
    expect(answer).toMatchObject({
      statusCode: 400,
      headers: { 'content-type': 'application/problem+json', 'x-request-id': 'request-1', ...securityHeaders },
    });
    expect(problemSchema.strict().parse(answer.body)).toEqual({
      type: 'urn:tenantry:problem:invalid_request',
      title: 'The request is invalid',
      status: 400,
      code: 'invalid_request',
      detail: 'There is no tier "gold".',
      instance: 'urn:tenantry:request:request-1',
      errors,
    });
  });

  test.for([
    ['a fault of the program', new TypeError('cannot read hunter2'), 500, 'internal'],
    ['an error of the catalogue with inner words', new AppError('internal', 'cannot read hunter2'), 500, 'internal'],
    [
      'a service that is down',
      Object.assign(new Error('hunter2'), { code: 'ECONNREFUSED' }),
      503,
      'dependency_unavailable',
    ],
    ['something that is no error', 'hunter2', 500, 'internal'],
  ] as const)('inside stays inside: %s', async ([, error, status, code]) => {
    const answer = await call(failing(error), healthCall);
    expect(answer).toMatchObject({ statusCode: status, body: { code, status } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(answer.body.detail).toContain('request-1');
    expect(answer.headers?.['retry-after']).toBe(status === 503 ? '1' : undefined);
  });

  test('is logged once, in full, with its request and tenant', async () => {
    const claims = { sub: 'eve', tenantry_role: 'tenant-admin', tenantry_tenant: tenantId };
    await call(failing(new TypeError('cannot read hunter2')), { ...healthCall, claims });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      message: 'TypeError: cannot read hunter2',
      requestId: 'request-1',
      tenantId,
      function: 'test-api',
      error: { name: 'Internal' },
    });
  });
});
