import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { type Provider, ProviderEvents, OpenFeature as Web } from '@openfeature/web-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OfrepBulk, type OfrepEvaluation, ofrepBulkSchema } from '#core/contract/api/ofrep.ts';
import { cutStreams, offerEventSource } from './event-source.ts';
import { aServedTenant, everyFlag, keptFlag, putFlags, type ServedTenant } from './flag-fixture.ts';
import { type Answer, newSystem, type System } from './harness.ts';

let system: System;
let acme: ServedTenant;
let globex: ServedTenant;
beforeAll(async () => {
  offerEventSource();
  system = await (await newSystem()).start();
  [acme, globex] = await Promise.all([
    aServedTenant(system, { tier: 'growth', metadata: { regulated: true } }),
    aServedTenant(system, { tier: 'starter' }),
  ]);
  await putFlags(system, everyFlag);
});
afterAll(async () => {
  await Promise.all([OpenFeature.close(), Web.close()]);
  await system.remove();
});

const post = <T = OfrepEvaluation>(path: string, body: unknown = {}, headers = {}, { token } = acme) =>
  system.call<T>(`/ofrep/v1/evaluate/flags${path}`, { method: 'POST', body, headers, token });
const bulk = (context: object = {}, headers = {}, query = '', tenant = acme) =>
  post<OfrepBulk>(query, { context }, headers, tenant);
const flagOf = ({ body }: { body: OfrepBulk }, key: string) => body.flags.find((flag) => flag.key === key);

/** The provider's types are not made for `exactOptionalPropertyTypes`. */
const webProvider = (headers: [string, string][] = []) =>
  new OFREPWebProvider({ baseUrl: system.url, headers }) as unknown as Provider;

describe('a single evaluation', () => {
  test.each([
    ['switch', { value: false, variant: 'off', reason: 'STATIC' }],
    ['colour', { value: 'blue', variant: 'blue', reason: 'STATIC' }],
    ['seats', { value: 3, variant: 'few', reason: 'STATIC' }],
    ['ratio', { value: 0.5, variant: 'half', reason: 'STATIC' }],
    ['limits', { value: { perDay: 5, tags: ['a'] }, variant: 'small', reason: 'STATIC' }],
    ['by-tier', { value: 500, variant: 'many', reason: 'TARGETING_MATCH' }],
    ['disabled', { reason: 'DISABLED' }],
    ['code-default', { reason: 'DEFAULT' }],
    ['child', { reason: 'DISABLED', metadata: { prerequisite: 'switch' } }],
  ])('%s', async (key, answer) => {
    const { status, body, headers } = await post(`/${key}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toMatchObject({ key, ...answer });
    expect('value' in body).toBe('value' in answer);
    expect('variant' in body).toBe('variant' in answer);
  });

  test('carries the flag’s own metadata', async () => {
    expect((await post('/described')).body).toMatchObject({ metadata: { owner: 'web', priority: 2, external: false } });
  });

  test('takes the tenant’s facts from the registry, whatever the caller says', async () => {
    const { body } = await post('/by-tier', { context: { tier: 'growth', tenantId: acme.tenantId } }, {}, globex);
    expect(body).toMatchObject({ value: 3, reason: 'DEFAULT' });
  });

  test.each([undefined, {}, { context: null }, { context: {}, later: true }])('takes the body %j', async (body) => {
    expect((await post('/switch', body ?? '{}')).status).toBe(200);
  });

  test.each([
    ['/nothing', {}, 404, 'FLAG_NOT_FOUND'],
    ['/__proto__', {}, 404, 'FLAG_NOT_FOUND'],
    ['/a%2Fb', {}, 404, 'FLAG_NOT_FOUND'],
    ['/broken', {}, 400, 'GENERAL'],
    ['/switch', '{"context":', 400, 'PARSE_ERROR'],
    ['/switch', '[]', 400, 'INVALID_CONTEXT'],
    ['/switch', { context: 'me' }, 400, 'INVALID_CONTEXT'],
    ['/switch', { context: { targetingKey: 7 } }, 400, 'INVALID_CONTEXT'],
    ['/switch', { context: { targetingKey: '' } }, 400, 'TARGETING_KEY_MISSING'],
  ])('%s with %j is answered %d, %s', async (path, body, status, errorCode) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.body).toEqual({
      key: decodeURIComponent(path.slice(1)),
      errorCode,
      errorDetails: expect.stringMatching(/\w/),
    });
  });

  test('needs a token of a tenant', async () => {
    expect((await post('/switch', {}, {}, { ...acme, token: 'none' })).status).toBe(401);
    const platform = { ...acme, token: await system.token('platform-admin') };
    const refused = await post('/switch', {}, {}, platform);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ key: 'switch', errorCode: 'GENERAL' });
  });

  test('gives a disabled flag’s default variant to a client that knows no code defaults', async () => {
    const { body } = await post('/disabled', {}, { 'X-Code-Defaults': 'unsupported' });
    expect(body).toMatchObject({ value: false, variant: 'off', reason: 'DISABLED' });
  });

  test('that fails inside says so without saying what', async () => {
    await system.fault({ function: 'ofrep-api', kind: 'aws', operation: 'GetItem', error: 'ValidationException' });
    await system.fault({ function: 'ofrep-api', kind: 'aws', operation: 'GetItem', error: 'ValidationException' });
    const failed = await system.until<Answer<OfrepEvaluation>>('the set to be read again', async () => {
      const answer = await post('/switch');
      return answer.status === 500 ? answer : { not: answer.status };
    });
    await system.clearFaults();
    expect(failed.body).toEqual({
      key: 'switch',
      errorCode: 'GENERAL',
      errorDetails: expect.stringMatching(/^(?!.*Validation).*request [\w-]+\.$/),
      metadata: { code: 'internal' },
    });
  });
});

const colourOf = async (tenant: ServedTenant) => flagOf(await bulk({}, {}, '?flagConfigEtag=any', tenant), 'colour');

describe('an evaluation of all flags', () => {
  test('has each flag once, those that fail among them', async () => {
    const answer = await bulk();
    expect(answer.status).toBe(200);
    const { flags, eventStreams } = ofrepBulkSchema.parse(answer.body);
    expect(flags.map(({ key }) => key)).toEqual([...Object.keys(everyFlag), keptFlag].toSorted());
    expect(flagOf(answer, 'broken')).toMatchObject({ errorCode: 'GENERAL' });
    expect(eventStreams).toMatchObject([{ type: 'sse', inactivityDelaySec: 120 }]);
  });

  test('is not sent again to who holds it, in whatever order the context comes', async () => {
    const etag = (await bulk({ plan: 'free', country: 'CH' })).headers.get('etag') ?? '';
    const again = await bulk({ country: 'CH', plan: 'free' }, { 'If-None-Match': etag });
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await bulk({ plan: 'pro', country: 'CH' }, { 'If-None-Match': etag })).status).toBe(200);
    expect((await bulk({ plan: 'free', country: 'CH' }, { 'If-None-Match': etag }, '', globex)).status).toBe(200);
  });

  test('is as new as the event that asks for it, at once', async () => {
    const before = await bulk();
    await putFlags(system, { ...everyFlag, colour: { ...everyFlag.colour, defaultVariant: 'none' } });
    const query = `?flagConfigEtag=${encodeURIComponent('told-of-later')}`;
    const after = await bulk({}, { 'If-None-Match': before.headers.get('etag') }, query);
    expect(flagOf(after, 'colour')).toMatchObject({ value: '' });
    expect(Number(after.body.metadata['version'])).toBe(Number(before.body.metadata['version']) + 1);
    await putFlags(system, everyFlag);
  });

  test('is a second old at most without', async () => {
    const fixed = `/v1/flags/seats/tenants/${acme.slug}`;
    const untilSeats = (value: number) =>
      system.until(`${value} seats`, async () => {
        const seats = flagOf(await bulk(), 'seats');
        return seats && 'value' in seats && seats.value === value ? seats : { not: seats };
      });
    await system.call(fixed, { method: 'PUT', body: { variant: 'none', reason: 'asked for' } });
    expect(await untilSeats(0)).toMatchObject({ variant: 'none', reason: 'TARGETING_MATCH' });
    expect(flagOf(await bulk({}, {}, '', globex), 'seats')).toMatchObject({ value: 3 });
    await system.call(fixed, { method: 'DELETE' });
    expect(await untilSeats(3)).toMatchObject({ variant: 'few', reason: 'STATIC' });
  });

  test('is each tenant’s own, however their requests are mixed', async () => {
    await system.call(`/v1/flags/colour/tenants/${acme.slug}`, {
      method: 'PUT',
      body: { variant: 'none', reason: 'x' },
    });
    const mixed = Array.from({ length: 60 }, (_value, index) => (index % 3 === 0 ? acme : globex));
    const seen = await Promise.all(mixed.map(colourOf));
    expect(seen).toEqual(mixed.map((tenant) => expect.objectContaining({ value: tenant === acme ? '' : 'blue' })));
    await system.call(`/v1/flags/colour/tenants/${acme.slug}`, { method: 'DELETE' });
  });

  test.each([
    ['{"context":', 'PARSE_ERROR'],
    [{ context: [] }, 'INVALID_CONTEXT'],
    [{ context: { targetingKey: '' } }, 'TARGETING_KEY_MISSING'],
  ])('with %j is refused as a whole', async (body, errorCode) => {
    const answer = await post('', body);
    expect(answer).toMatchObject({ status: 400, body: { errorCode } });
    expect(answer.body).not.toHaveProperty('key');
  });
});

const serverClient = () => OpenFeature.getClient('acme');
const webClient = () => Web.getClient('acme');
const change = (flags: object) => putFlags(system, { ...everyFlag, ...flags });

/** Sends half of the body. */
const cutting: typeof fetch = async (asked) => {
  const { url, headers } = asked as Request;
  return fetch(url, { method: 'POST', headers, body: '{"context":' });
};

describe('the server provider', () => {
  beforeAll(async () => {
    await OpenFeature.setProviderAndWait('acme', new OFREPProvider({ baseUrl: system.url, headers: acme.headers }));
    await bulk({}, {}, '?flagConfigEtag=any');
  });

  test('reads a value of every type', async () => {
    expect(await serverClient().getBooleanDetails('switch', true)).toMatchObject({
      value: false,
      variant: 'off',
      reason: 'STATIC',
    });
    expect(await serverClient().getStringDetails('colour', 'red')).toMatchObject({ value: 'blue' });
    expect(await serverClient().getNumberDetails('seats', 9)).toMatchObject({ value: 3 });
    expect(await serverClient().getNumberDetails('ratio', 9)).toMatchObject({ value: 0.5 });
    expect(await serverClient().getObjectDetails('limits', {})).toMatchObject({ value: { perDay: 5, tags: ['a'] } });
    expect(await serverClient().getBooleanDetails('described', true)).toMatchObject({ flagMetadata: { owner: 'web' } });
  });

  test('is targeted by the tenant and by what the application says', async () => {
    expect(await serverClient().getNumberDetails('by-tier', 1)).toMatchObject({
      value: 500,
      reason: 'TARGETING_MATCH',
    });
    expect(await serverClient().getBooleanValue('by-plan', false, { plan: 'pro' })).toBe(true);
    expect(await serverClient().getBooleanValue('by-plan', true, { plan: 'free' })).toBe(false);
  });

  test('gets shares of users, each user always the same', async () => {
    const users = Array.from({ length: 60 }, (_value, index) => ({ targetingKey: `user-${index}` }));
    const valuesOf = () => Promise.all(users.map((user) => serverClient().getStringValue('by-share', '-', user)));
    const values = await valuesOf();
    expect(new Set(values)).toEqual(new Set(['a', 'b', 'c']));
    expect(await valuesOf()).toEqual(values);
  });

  test.each([
    ['nothing', undefined, 'FLAG_NOT_FOUND'],
    ['broken', undefined, 'GENERAL'],
    ['colour', undefined, 'TYPE_MISMATCH'],
    ['switch', { targetingKey: '' }, 'TARGETING_KEY_MISSING'],
    ['switch', { targetingKey: 7 as unknown as string }, 'INVALID_CONTEXT'],
  ])('falls back to the default for %s with %j: %s', async (key, context, errorCode) => {
    expect(await serverClient().getBooleanDetails(key, true, context)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode,
    });
  });

  test('says when its request could not be read', async () => {
    const provider = new OFREPProvider({ baseUrl: system.url, headers: acme.headers, fetchImplementation: cutting });
    await OpenFeature.setProviderAndWait('cut', provider);
    const details = await OpenFeature.getClient('cut').getBooleanDetails('switch', true);
    expect(details).toMatchObject({ value: true, errorCode: 'PARSE_ERROR' });
  });

  test('keeps the application’s default where there is none, and takes the flag’s by the switch for old providers', async () => {
    expect(await serverClient().getBooleanDetails('disabled', true)).toMatchObject({ value: true });
    const headers: [string, string][] = [...acme.headers, ['X-Code-Defaults', 'unsupported']];
    await OpenFeature.setProviderAndWait('old', new OFREPProvider({ baseUrl: system.url, headers }));
    const details = await OpenFeature.getClient('old').getBooleanDetails('disabled', true);
    expect(details).toMatchObject({ value: false, variant: 'off', reason: 'DISABLED' });
    expect(details.errorCode).toBeUndefined();
  });

  test('sees nothing of another tenant', async () => {
    await OpenFeature.setProviderAndWait('globex', new OFREPProvider({ baseUrl: system.url, headers: globex.headers }));
    const context = { tenantId: acme.tenantId, tier: 'growth', slug: acme.slug };
    expect(await OpenFeature.getClient('globex').getNumberValue('by-tier', 1, context)).toBe(3);
  });
});

describe('the web provider', () => {
  beforeAll(async () => {
    const provider = webProvider(acme.headers);
    await Web.setProviderAndWait('acme', provider, { targetingKey: 'user-1', plan: 'free' });
  });

  test('reads a value of every type, of every reason', () => {
    expect(webClient().getBooleanDetails('switch', true)).toMatchObject({
      value: false,
      variant: 'off',
      reason: 'STATIC',
    });
    expect(webClient().getStringDetails('colour', 'red')).toMatchObject({ value: 'blue' });
    expect(webClient().getNumberDetails('ratio', 9)).toMatchObject({ value: 0.5 });
    expect(webClient().getObjectDetails('limits', {})).toMatchObject({ value: { perDay: 5, tags: ['a'] } });
    expect(webClient().getNumberDetails('by-tier', 1)).toMatchObject({ value: 500, reason: 'TARGETING_MATCH' });
    expect(webClient().getBooleanDetails('disabled', true)).toMatchObject({ value: true, reason: 'DISABLED' });
    expect(webClient().getBooleanDetails('code-default', true)).toMatchObject({ value: true, reason: 'DEFAULT' });
    expect(webClient().getBooleanDetails('child', true)).toMatchObject({ value: true, reason: 'DISABLED' });
  });

  test.each([
    ['nothing', 'FLAG_NOT_FOUND'],
    ['broken', 'GENERAL'],
    ['colour', 'TYPE_MISMATCH'],
  ])('falls back to the default for %s: %s', (key, errorCode) => {
    expect(webClient().getBooleanDetails(key, true)).toMatchObject({ value: true, reason: 'ERROR', errorCode });
  });

  test('sees a change of context, and never the value of the one before', async () => {
    for (const plan of ['pro', 'free', 'pro', 'free']) {
      await Web.setContext('acme', { targetingKey: 'user-1', plan });
      expect(webClient().getBooleanValue('by-plan', plan !== 'pro')).toBe(plan === 'pro');
    }
  });

  test('sees a change of a flag without asking, and those that hang on it', async () => {
    await change({ switch: { ...everyFlag.switch, defaultVariant: 'on' } });
    await expect.poll(() => webClient().getBooleanValue('switch', false), { timeout: 10_000 }).toBe(true);
    expect(webClient().getBooleanDetails('child', false)).toMatchObject({ value: true, reason: 'STATIC' });
    await change({});
    await expect.poll(() => webClient().getBooleanValue('switch', true), { timeout: 10_000 }).toBe(false);
  });

  test('sees an override of its tenant, which another tenant does not', async () => {
    const fixed = `/v1/flags/switch/tenants/${acme.slug}`;
    await Web.setProviderAndWait('globex', webProvider(globex.headers));
    const changes: unknown[] = [];
    Web.getClient('globex').addHandler(ProviderEvents.ConfigurationChanged, (event) => changes.push(event));
    await system.call(fixed, { method: 'PUT', body: { variant: 'on', reason: 'asked for' } });
    await expect.poll(() => webClient().getBooleanValue('switch', false), { timeout: 10_000 }).toBe(true);
    expect(Web.getClient('globex').getBooleanValue('switch', true)).toBe(false);
    expect(changes).toEqual([]);
    await system.call(fixed, { method: 'DELETE' });
    await expect.poll(() => webClient().getBooleanValue('switch', true), { timeout: 10_000 }).toBe(false);
  });

  test('takes up a stream that broke, and fetches in full what it may have missed', async () => {
    const told: string[] = [];
    for (const event of [ProviderEvents.Stale, ProviderEvents.ConfigurationChanged]) {
      webClient().addHandler(event, () => void told.push(event));
    }
    cutStreams();
    await expect
      .poll(() => told, { timeout: 20_000 })
      .toEqual([ProviderEvents.Stale, ProviderEvents.ConfigurationChanged]);
    await change({ switch: { ...everyFlag.switch, defaultVariant: 'on' } });
    await expect.poll(() => webClient().getBooleanValue('switch', false), { timeout: 10_000 }).toBe(true);
    await change({});
  });

  test('is fatally refused without a token', async () => {
    const provider = webProvider();
    await expect(Web.setProviderAndWait('nobody', provider)).rejects.toThrow();
    expect(Web.getClient('nobody').getBooleanDetails('switch', true)).toMatchObject({ errorCode: 'PROVIDER_FATAL' });
  });
});
