import { expect, test } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '#core/contract/api/openapi.ts';
import { routeTable } from '#core/contract/api/routes.ts';

const document = openApiDocument();

/** The parts of OpenAPI 3.1 that the document uses, closed, so that a field out of place is found. */
const ref = z.strictObject({ $ref: z.string().startsWith('#/') });
const schema = z.looseObject({ $schema: z.never().optional(), $id: z.never().optional() });
const mediaTypes = z.record(
  z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/),
  z.strictObject({
    schema: schema.optional(),
    examples: z.record(z.string(), z.strictObject({ value: z.json() })).optional(),
  }),
);
const parameter = z
  .strictObject({
    name: z.string(),
    in: z.enum(['path', 'query', 'header']),
    description: z.string().optional(),
    required: z.boolean().optional(),
    schema,
  })
  .refine((made) => made.in !== 'path' || made.required === true);
const header = z.strictObject({ description: z.string(), schema });
const response = z.strictObject({
  description: z.string().min(1),
  headers: z.record(z.string(), z.union([ref, header])).optional(),
  content: mediaTypes.optional(),
});
const operation = z.strictObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  tags: z.array(z.string()).length(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(z.union([ref, parameter])).optional(),
  requestBody: z.strictObject({ required: z.literal(true), content: mediaTypes }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.union([ref, response])),
});
const openApi = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    summary: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), schema),
    parameters: z.record(z.string(), parameter),
    headers: z.record(z.string(), header),
    responses: z.record(z.string(), response),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.literal('http'), scheme: z.literal('bearer') })),
  }),
});

const parsed = openApi.parse(JSON.parse(JSON.stringify(document)));

const refsIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)))
    : [];

const at = (pointer: string) =>
  pointer
    .slice(2)
    .split('/')
    .reduce((value: unknown, key) => z.record(z.string(), z.unknown()).safeParse(value).data?.[key], parsed);

const operationAt = (method: string, path: string) =>
  Object.entries(parsed.paths[path] ?? {}).find(([name]) => name === method.toLowerCase())?.[1];

test('every operation of the route table is described once', () => {
  const described = Object.values(parsed.paths).flatMap((methods) =>
    Object.values(methods).map((made) => made.operationId),
  );
  expect(described.toSorted()).toEqual(routeTable.map((route) => route.operationId).toSorted());
  for (const { operationId, method, path } of routeTable) {
    expect(operationAt(method, path)?.operationId).toBe(operationId);
  }
});

test('every reference resolves, and every component is used', () => {
  const refs = new Set(refsIn(parsed));
  expect([...refs].filter((pointer) => at(pointer) === undefined)).toEqual([]);
  const { securitySchemes: _named, ...components } = parsed.components;
  const made = Object.entries(components).flatMap(([kind, named]) =>
    Object.keys(named).map((name) => `#/components/${kind}/${name}`),
  );
  expect(made.filter((pointer) => !refs.has(pointer))).toEqual([]);
});

test('every parameter of a path is declared', () => {
  for (const { method, path } of routeTable) {
    const declared = (operationAt(method, path)?.parameters ?? []).flatMap((entry) => {
      const made = '$ref' in entry ? parameter.parse(at(entry.$ref)) : entry;
      return made.in === 'path' ? [`{${made.name}}`] : [];
    });
    expect(path.match(/\{\w+\}/g) ?? []).toEqual(declared);
  }
});

test('onboarding documents its idempotency key, and its errors with examples', () => {
  const onboard = operationAt('POST', '/v1/tenants')!;
  expect(refsIn(onboard.parameters)).toContain('#/components/parameters/Idempotency-Key');
  expect(refsIn(onboard.responses['202'])).toContain('#/components/headers/Location');
  const conflict = response.parse(at(refsIn(onboard.responses['409'])[0]!));
  const { examples, schema: body } = conflict.content!['application/problem+json']!;
  expect(Object.keys(examples!)).toEqual(['slug_taken', 'idempotency_mismatch']);
  expect(body).toEqual({ $ref: '#/components/schemas/Problem' });
});

test('only public operations need no token', () => {
  const withoutToken = routeTable.filter(({ method, path }) => operationAt(method, path)?.security?.length === 0);
  expect(withoutToken.map((route) => route.operationId)).toEqual(['getOpenApi', 'getHealth']);
});

test('the published schema of an onboarding request is as strict as the API', () => {
  const published = document.components.schemas['OnboardingRequest'];
  expect(published).toMatchObject({ additionalProperties: false, required: ['slug', 'name', 'tier', 'adminEmail'] });
  const { pattern } = z.object({ pattern: z.string() }).parse(published?.properties?.['slug']);
  const slugs = ['acme', "acme'; drop table", '../etc', 'Acme'];
  expect(slugs.filter((slug) => new RegExp(pattern, 'u').test(slug))).toEqual(['acme']);
});
