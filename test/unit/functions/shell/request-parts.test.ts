import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { maxBodyBytes } from '#core/contract/api/http.ts';
import { type OperationId, routes } from '#core/contract/api/routes.ts';
import { bodyOf, fieldErrors, queryOf } from '#functions/shell/request-parts.ts';
import { anHttpEvent, anOnboardingRequest } from '#test/builders.ts';

const { createTenant, getTenant, listTenants } = routes;
const bodyIn = (body: string | undefined, isBase64Encoded = false) =>
  bodyOf(anHttpEvent({ ...(body !== undefined && { body }), isBase64Encoded }), createTenant);
const refusal = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};

const ofBytes = (bytes: number) => `"${'ü'.repeat((bytes - 2) / 2)}"`;

describe('a body', () => {
  test('is parsed as JSON by the route’s schema', () => {
    expect(bodyIn(JSON.stringify(anOnboardingRequest()))).toEqual(anOnboardingRequest());
  });

  test('is decoded from base64 if the gateway encoded it', () => {
    const text = JSON.stringify(anOnboardingRequest({ name: 'Ärzte 株式' }));
    expect(bodyIn(Buffer.from(text).toString('base64'), true)).toMatchObject({ name: 'Ärzte 株式' });
  });

  test('is ignored if the route has none', () => {
    expect(bodyOf(anHttpEvent({ body: 'not JSON' }), getTenant)).toBeUndefined();
  });

  test.for([undefined, '', 'not JSON', '{"slug":', '{"slug":"acme",}', "{'slug':'acme'}", '\0'])(
    'that is %j is no JSON',
    (text) => {
      expect(refusal(() => bodyIn(text))).toMatchObject({ code: 'invalid_request', message: 'The body is not JSON.' });
    },
  );

  test.for(['null', '[]', '"acme"', '7', 'true'])('that is %s is refused as a whole', (text) => {
    expect(refusal(() => bodyIn(text))).toMatchObject({ code: 'invalid_request', errors: [{ path: '' }] });
  });

  test('may have as many bytes as the contract allows, and not one more, however it is sent', () => {
    expect(refusal(() => bodyIn(ofBytes(maxBodyBytes)))).toMatchObject({ code: 'invalid_request' });
    const tooLarge = ofBytes(maxBodyBytes + 2);
    expect(refusal(() => bodyIn(tooLarge))).toMatchObject({ code: 'too_large' });
    expect(refusal(() => bodyIn(Buffer.from(tooLarge).toString('base64'), true))).toMatchObject({ code: 'too_large' });
  });

  test('cannot contain __proto__', () => {
    const text = `{"__proto__":{"tier":"enterprise"},${JSON.stringify(anOnboardingRequest()).slice(1)}`;
    expect(refusal(() => bodyIn(text))).toMatchObject({ code: 'invalid_request', errors: [{ path: '/__proto__' }] });
    expect({}).not.toHaveProperty('tier');
  });

  test.for([
    ['{"variants":{"__proto__":true}}', '/variants/__proto__'],
    ['{"flags":{"a":[{"\\u005f_proto__":1}]}}', '/flags/a/0/__proto__'],
  ])('is refused for an inherited name wherever it stands: %s', ([text, path]) => {
    expect(refusal(() => bodyOf(anHttpEvent({ body: text! }), routes.putFlag))).toMatchObject({ errors: [{ path }] });
  });

  test('may be as large as its route allows', () => {
    const document = JSON.stringify({
      flags: {},
      metadata: { note: 'x'.repeat(200) },
      $schema: 'x'.repeat(maxBodyBytes),
    });
    expect(bodyOf(anHttpEvent({ body: document }), routes.putFlagSet)).toMatchObject({ flags: {} });
  });
});

const errorsOf = (body: object) => (refusal(() => bodyIn(JSON.stringify(body))) as { errors: unknown }).errors;

describe('an invalid body', () => {
  test('is reported field by field, each with its JSON Pointer', () => {
    expect(errorsOf({ ...anOnboardingRequest(), slug: 7, name: '', metadata: { seats: null } })).toEqual([
      { path: '/slug', message: expect.any(String) },
      { path: '/name', message: expect.any(String) },
      { path: '/metadata/seats', message: expect.any(String) },
    ]);
  });

  test('has each unknown field named', () => {
    expect(errorsOf({ ...anOnboardingRequest(), status: 'active', 'a/b~c': 1 })).toEqual([
      { path: '/status', message: 'is not a field of this request' },
      { path: '/a~1b~0c', message: 'is not a field of this request' },
    ]);
  });

  test('is reported inside lists and nested objects', () => {
    const schema = z.strictObject({ list: z.array(z.strictObject({ 'a/b': z.string() })) });
    const { error } = schema.safeParse({ list: [{ 'a/b': 'x' }, { 'a/b': 1, extra: 2 }] });
    expect(fieldErrors(error!).map(({ path }) => path)).toEqual(['/list/1/a~1b', '/list/1/extra']);
  });
});

const queryIn = (queryStringParameters?: Record<string, string>, operationId: OperationId = 'listTenants') =>
  queryOf(anHttpEvent(queryStringParameters ? { queryStringParameters } : {}), routes[operationId]);

describe('a query', () => {
  test('gets the defaults of its schema', () => {
    expect(queryIn()).toEqual({ limit: 50, sort: 'createdAt', order: 'asc' });
    expect(queryOf(anHttpEvent(), getTenant)).toEqual({});
    expect(listTenants.query.parse({})).toEqual(queryIn());
  });

  test('is refused by name if it is unknown or malformed', () => {
    expect(refusal(() => queryIn({ limit: 'many', colour: 'red' }))).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: '/limit' }, { path: '/colour', message: 'is not a field of this request' }],
    });
  });
});
