import { createHmac } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#core/contract/api/http.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
let tenants: [Tenant, Tenant];
beforeAll(async () => {
  system = await (await newSystem()).start();
  tenants = [await active(), await active()];
});
afterAll(() => system.remove());

const active = async (): Promise<Tenant> => {
  const { tenant, operation } = (await system.onboard()).body;
  await system.untilOperation(operation.id, 'succeeded');
  return tenant;
};

/** Everything a request might make: the tenants on record and what exists of them. */
const everything = async () => ({
  tenants: (await system.call<{ items: Tenant[] }>('/v1/tenants?limit=200')).body.items.map(({ slug }) => slug),
  inventory: await system.inventory(),
});

const refused = async (body: unknown) => {
  const before = await everything();
  const answer = await system.call<Problem>('/v1/tenants', { method: 'POST', body });
  expect(await everything()).toEqual(before);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return answer;
};

const oddSlugs = [
  "'; drop table tenants; --",
  '../../etc/passwd',
  'a/b',
  'a\\b',
  'TENANT#x',
  'pg_catalog',
  'a"b',
  'Upper',
  '-dash',
  'dash-',
  'a b',
  'a\n',
  'a\u0000',
  '',
  'a'.repeat(41),
  // Cyrillic а, full-width letters, a ligature, a zero-width joiner and a dotless i all pass for Latin at a glance.
  '\u0430cme',
  '\uff41cme',
  'o\ufb03ce',
  'ac\u200dme',
  'ac\u0131d',
];

describe('a request that makes no sense is refused by field, and nothing is made', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ...oddSlugs.map((slug): [string, { slug: string }, string[]] => [JSON.stringify(slug), { slug }, ['/slug']]),
    ['a number as slug', { slug: 1 }, ['/slug']],
    ['an object as slug', { slug: { S: 'x' } }, ['/slug']],
    ['null as name', { name: null }, ['/name']],
    ['a name that turns the direction of text', { name: 'Acme \u202etxt' }, ['/name']],
    ['half a character as name', { name: '\ud800' }, ['/name']],
    ['no mail address', { adminEmail: 'nobody' }, ['/adminEmail']],
    ['a tier that is not sold', { tier: 'platinum' }, ['/tier']],
    ['a tier that every object has', { tier: 'constructor' }, ['/tier']],
    ['a region that is not served', { region: 'mars-north-1' }, ['/region']],
    ['metadata of lists', { metadata: { a: [] } }, ['/metadata/a']],
    ['a flag that is no text', { flags: { beta: true } }, ['/flags/beta']],
    ['an unknown field', { isAdmin: true }, ['/isAdmin']],
    ['an unknown field with a slash', { 'a/b': true }, ['/a~1b']],
    ['several faults', { slug: '', name: '', unknown: 1 }, ['/slug', '/name', '/unknown']],
  ])('%s', async (_what, fields, paths) => {
    const { status, body } = await refused(system.request(fields));
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
    expect([...new Set(body.errors?.map(({ path }) => path))]).toEqual(expect.arrayContaining(paths));
    for (const { path } of body.errors ?? []) expect(paths.some((wanted) => path.startsWith(wanted))).toBe(true);
  });

  it('__proto__ as a field', async () => {
    const text = JSON.stringify(system.request()).replace('{', '{"__proto__":{"tier":"enterprise"},');
    expect((await refused(text)).body.code).toBe('invalid_request');
  });

  it.each(['', '{', '[]', 'null', '"text"', '{"slug":"a",}', '\u0000'])('a body of %j', async (text) => {
    expect(await refused(text)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('a body of 2 MB', async () => {
    const answer = await refused(system.request({ name: 'x'.repeat(2_000_000) }));
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } });
  });

  it('an idempotency key with a space or of 129 characters', async () => {
    for (const key of ['a b', 'x'.repeat(129)]) {
      const answer = await system.onboard({}, { headers: { 'idempotency-key': key } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
  });
});

describe('a question that makes no sense is a problem answer', () => {
  it.each([
    ['/v1/tenants?limit=0', '/limit'],
    ['/v1/tenants?limit=many', '/limit'],
    ['/v1/tenants?status=asleep', '/status'],
    ['/v1/tenants?colour=red', '/colour'],
    ['/v1/tenants?sort=name', '/sort'],
    ['/v1/tenants?order=up', '/order'],
    ['/v1/tenants?cursor=%00', '/cursor'],
    ['/v1/tenants?cursor=not*a*cursor', '/cursor'],
    ['/v1/tenants?cursor=', '/cursor'],
    ['/v1/audit?from=yesterday', '/from'],
    ['/v1/audit?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', '/to'],
    ['/v1/audit?action=tenant.eaten', '/action'],
    // The head of the chain lies in the same partition, and is no event.
    [`/v1/audit?cursor=${Buffer.from('HEAD').toString('base64url')}`, '/cursor'],
  ])('%s', async (path, field) => {
    const { status, body } = await system.call<Problem>(path);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
    expect(body.errors?.map((error) => error.path)).toContain(field);
  });

  it('a cursor longer than any', async () => {
    const { status, body } = await system.call<Problem>(`/v1/tenants?cursor=${'A'.repeat(2049)}`);
    expect({ status, paths: body.errors?.map(({ path }) => path) }).toEqual({ status: 400, paths: ['/cursor'] });
  });

  const notFound = { status: 404, body: { code: 'not_found' } };
  const expectNothingAt = async (reference: string) => {
    const name = encodeURIComponent(reference);
    const paths = ['', '/audit', '/operations'].map((rest) => `/v1/tenants/${name}${rest}`);
    for (const path of [...paths, `/v1/operations/${name}`]) {
      expect(await system.call<Problem>(path)).toMatchObject(notFound);
    }
    const patched = { method: 'PATCH', body: { capacity: 1 } };
    expect(await system.call<Problem>(`/v1/shards/${name}`, patched)).toMatchObject(notFound);
  };

  it.each(["'; drop table tenants; --", '../admin', 'TENANT#x', '\u0430cme', '%', 'tn_', ' '])(
    'a tenant, operation or shard called %j is not there',
    expectNothingAt,
  );
  it('nor is one whose name is too long for the table', () => expectNothingAt('x'.repeat(3000)));

  it('a cursor of another list, or of another tenant’s, is refused', async () => {
    const [a, b] = tenants;
    const page = await system.call<{ nextCursor: string }>(`/v1/tenants/${a.tenantId}/audit?limit=1`);
    const shards = await system.call<{ nextCursor: string }>('/v1/shards?limit=1');
    for (const { body } of [page, shards]) {
      const cursor = body.nextCursor;
      expect(cursor).toEqual(expect.any(String));
      const lists = [
        '/v1/tenants',
        '/v1/audit',
        `/v1/tenants/${b.tenantId}/audit`,
        `/v1/tenants/${b.tenantId}/operations`,
      ];
      for (const path of lists) {
        const { status, body: problem } = await system.call<Problem>(`${path}?cursor=${cursor}`);
        const paths = problem.errors?.map((error) => error.path);
        expect({ path, status, paths }).toEqual({ path, status: 400, paths: ['/cursor'] });
      }
    }
  });
});

describe('who may not, may not', () => {
  it('answers 401 without a token, and with one that is forged, altered or expired', async () => {
    const { body } = await system.call<{ token: string }>('/_local/token', {
      method: 'POST',
      body: { role: 'platform-admin', minutes: -1 },
    });
    const valid = await system.token('sales');
    const [head = '', payload = '', signature = ''] = valid.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const raised = Buffer.from(JSON.stringify({ ...claims, tenantry_role: 'platform-admin' })).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const keys = await system.call('/_local/.well-known/jwks.json');
    const byPublicKey = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
    const mac = createHmac('sha256', JSON.stringify(keys.body)).update(`${byPublicKey}.${raised}`).digest('base64url');
    const forged = [
      'nonsense',
      body.token,
      `${head}.${raised}.${signature}`,
      `${none}.${raised}.`,
      `${byPublicKey}.${raised}.${mac}`,
    ];
    expect((await system.call('/v1/me', { token: valid })).status).toBe(200);
    for (const token of ['', ...forged]) {
      const before = await everything();
      const answer = await system.onboard({}, { token });
      expect(answer).toMatchObject({ status: 401, body: { code: 'not_authenticated' } });
      expect(await everything()).toEqual(before);
    }
  });

  it("answers a tenant's administrator about another tenant as about one that is not there", async () => {
    const [a, b] = tenants;
    const token = await system.token('tenant-admin', a.tenantId);
    expect((await system.call(`/v1/tenants/${a.slug}`, { token })).status).toBe(200);
    const unknown = 'tn_01m4x3v6q9e7r8t5y2w1z0abcd';
    for (const rest of ['', '/operations', '/audit', '/audit/verify', '/audit/export']) {
      const about = async (reference: string) => {
        const { status, headers, body } = await system.call(`/v1/tenants/${reference}${rest}`, { token });
        return { status, body: JSON.stringify(body).replaceAll(headers.get('x-request-id') ?? '', 'X') };
      };
      const expected = await about(unknown);
      expect(expected.status).toBe(404);
      for (const reference of [b.tenantId, b.slug]) expect(await about(reference)).toEqual(expected);
    }
  });

  it("answers a tenant's administrator about another's operation as about one that is not there", async () => {
    const [a, b] = tenants;
    const token = await system.token('tenant-admin', a.tenantId);
    const { body } = await system.call<{ items: [{ id: string }] }>(`/v1/tenants/${b.tenantId}/operations`);
    const asked = await system.call(`/v1/operations/${body.items[0].id}`, { token });
    expect(asked).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('lets sales onboard, and shows sales what it onboarded only', async () => {
    const token = await system.token('sales');
    const { status, body } = await system.onboard({}, { token });
    expect(status).toBe(202);
    await system.untilOperation(body.operation.id, 'succeeded');
    const listed = await system.call<{ items: Tenant[] }>('/v1/tenants', { token });
    expect(listed.body.items.map(({ tenantId }) => tenantId)).toEqual([body.tenant.tenantId]);
    expect((await system.call(`/v1/tenants/${body.tenant.slug}`, { token })).status).toBe(200);
    expect((await system.call(`/v1/operations/${body.operation.id}`, { token })).status).toBe(200);
    expect((await system.call(`/v1/tenants/${tenants[0].slug}`, { token })).status).toBe(404);
    const others = await system.call<{ items: [{ id: string }] }>(`/v1/tenants/${tenants[0].tenantId}/operations`);
    expect((await system.call(`/v1/operations/${others.body.items[0].id}`, { token })).status).toBe(404);
  });

  it('refuses what a role may not do, and audits who tried', async () => {
    const auditor = await system.token('platform-auditor');
    const before = await everything();
    const answer = await system.onboard({}, { token: auditor });
    expect(answer).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
    expect(await everything()).toEqual(before);
    const denials = await system.audited(undefined, 'action=access.denied');
    expect(denials.at(-1)).toMatchObject({
      actor: { id: 'local-platform-auditor', role: 'platform-auditor' },
      target: { type: 'route', id: 'POST /v1/tenants' },
      requestId: answer.headers.get('x-request-id'),
    });

    const [a] = tenants;
    const member = await system.token('tenant-member', a.tenantId);
    expect((await system.call(`/v1/tenants/${a.slug}/audit`, { token: member })).status).toBe(403);
    expect((await system.audited(a.tenantId, 'action=access.denied')).at(-1)).toMatchObject({
      actor: { role: 'tenant-member' },
      tenantId: a.tenantId,
    });
  });
});

/** A message taken is hidden for long enough that the next look sees others. */
const deadLetterWith = async (text: string) => {
  const queues = new SQSClient(system.aws);
  const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: 'tenantry-dead-letters' }));
  return system.until<Message>(`the dead letter with ${text}`, async () => {
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    return Messages.find(({ Body }) => Body?.includes(text)) ?? { not: Messages };
  });
};

it.each<[string, (slug: string) => Record<string, unknown>, RegExp]>([
  ['lacks its fields', (slug) => ({ requestId: slug }), /\/slug .*\/tier /],
  ['has a slug of SQL', (slug) => ({ slug: `${slug}'; drop table tenants; --` }), /\/slug /],
  ['has a name of another type', (slug) => ({ ...system.request({ name: 7 }), slug, requestId: slug }), /\/name /],
  ['asks for an unknown tier', (slug) => ({ ...system.request({ tier: 'gold' }), slug, requestId: slug }), /gold/],
])('keeps an event that %s as a dead letter, audits why, and makes nothing', async (_what, detailOf, reason) => {
  const { slug } = system.request();
  const before = await everything();
  const Detail = JSON.stringify(detailOf(slug));
  const { Entries = [] } = await new EventBridgeClient(system.aws).send(
    new PutEventsCommand({
      Entries: [{ EventBusName: 'tenantry', Source: 'crm.example', DetailType: 'tenant.onboarding.requested', Detail }],
    }),
  );
  const eventId = Entries[0]!.EventId!;
  const letter = await deadLetterWith(eventId);
  expect(JSON.parse(letter.Body!)).toMatchObject({ id: eventId, detail: JSON.parse(Detail) });
  expect(letter.MessageAttributes?.['ERROR_MESSAGE']?.StringValue).toMatch(reason);
  const rejected = await system.until<AuditEvent>('the rejection', async () => {
    const events = await system.audited(undefined, 'action=event.rejected');
    return events.find(({ target }) => target.id === eventId) ?? { not: events.length };
  });
  expect(rejected).toMatchObject({ actor: { id: 'crm.example' }, after: { code: 'invalid_request' } });
  expect(rejected.reason).toMatch(reason);
  expect(await everything()).toEqual(before);
});
