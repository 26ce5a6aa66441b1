import { describe, expect, test } from 'vitest';
import type { Write } from '#core/change.ts';
import { operationSchema } from '#core/contract/model/operation.ts';
import { tenantSchema } from '#core/contract/model/tenant.ts';
import { registerTenant } from '#core/onboard-tenant/register-tenant.ts';
import { repeatedAnswer, type StoredRequest } from '#core/operation/repeated-request.ts';
import { aCause, anOnboardingRequest, noon, operationId, someTiers, stepStatuses, tenantId } from '#test/builders.ts';

type Facts = Parameters<typeof registerTenant>[0];

const register = (facts: Partial<Facts> = {}) =>
  registerTenant({
    request: anOnboardingRequest(),
    idempotencyKey: undefined,
    cause: aCause(),
    config: someTiers,
    tenantId,
    operationId,
    now: noon,
    ...facts,
  });

const put = (writes: readonly Write[], sk: string) => {
  const found = writes.find((write) => write.kind === 'put' && write.item.sk === sk);
  return found?.kind === 'put' ? found : expect.fail(`nothing is put under ${sk}`);
};

describe('what a registration writes', () => {
  test('tenant, operation with its lease and owner, and the slug, in one change with one audit event', () => {
    const { change } = register();
    expect(change.writes.map((write) => write.kind === 'put' && [write.item.pk, write.item.sk])).toEqual([
      ['SLUG#acme', 'SLUG'],
      [`TENANT#${tenantId}`, 'TENANT'],
      [`TENANT#${tenantId}`, 'LEASE'],
      [`TENANT#${tenantId}`, `OPERATION#${operationId}`],
      [`OPERATION#${operationId}`, 'OWNER'],
    ]);
    expect(change).toMatchObject({
      stream: tenantId,
      cause: aCause(),
      audit: [
        {
          action: 'tenant.registered',
          target: { type: 'tenant', id: tenantId },
          operationId,
          after: { slug: 'acme', name: 'Acme Ltd', tier: 'growth', region: 'us-east-1' },
        },
      ],
    });
  });

  test('the slug is refused while another tenant has it, and taken over once it was released', () => {
    expect(put(register().change.writes, 'SLUG')).toMatchObject({
      item: { tenantId, released: false },
      guard: { condition: { absentOr: { released: true } }, otherwise: { code: 'slug_taken' } },
    });
  });

  test('the tenant is found by its state and by who onboarded it, the operation by being open', () => {
    const { writes } = register().change;
    expect(put(writes, 'TENANT').item).toMatchObject({
      statusKey: 'TENANT#requested',
      entity: 'TENANT',
      itemId: tenantId,
      onboardedBy: 'user#ada',
    });
    expect(put(writes, `OPERATION#${operationId}`).item).toMatchObject({ statusKey: 'OPERATION#running' });
  });

  test('the flags asked for are kept for the step that loads them, and shown to nobody', () => {
    const { change, answer } = register({ request: anOnboardingRequest({ flags: { beta: 'on' } }) });
    expect(put(change.writes, 'TENANT').item).toMatchObject({ requestedFlags: { beta: 'on' } });
    expect(answer.tenant).not.toHaveProperty('requestedFlags');
  });

  test('the request is remembered, before all else, only where it came with a key', () => {
    const [first] = register({ idempotencyKey: 'key-1' }).change.writes;
    expect(first).toMatchObject({
      item: { pk: 'REQUEST#user#ada#key-1', sk: 'REQUEST' },
      guard: { condition: { absent: true }, otherwise: { code: 'idempotency_mismatch' } },
    });
    expect(register().change.writes).toHaveLength(5);
  });
});

describe('what the caller is told', () => {
  test('a tenant and an operation as the contract has them, and nothing that stays inside', () => {
    const request = anOnboardingRequest({ externalId: 'crm-7', metadata: { seats: 5 }, flags: { beta: 'on' } });
    const { answer } = register({ request });
    expect(tenantSchema.strict().parse(answer.tenant)).toEqual(answer.tenant);
    expect(operationSchema.strict().parse(answer.operation)).toEqual(answer.operation);
    expect(answer.tenant).toMatchObject({
      status: 'requested',
      externalId: 'crm-7',
      metadata: { seats: 5 },
      version: 1,
    });
    expect(answer.operation.steps.map(({ status }) => status)).toEqual(stepStatuses(['running'], 'pending'));
  });

  test.for([
    ['starter', 'pool'],
    ['growth', 'bridge'],
    ['enterprise', 'silo'],
  ] as const)('the tier %s is isolated as a %s', ([tier, isolation]) => {
    expect(register({ request: anOnboardingRequest({ tier }) }).answer.tenant).toMatchObject({ tier, isolation });
  });

  test('without a region the first of the configuration is meant', () => {
    expect(register().answer.tenant.region).toBe('us-east-1');
    expect(register({ request: anOnboardingRequest({ region: 'eu-west-1' }) }).answer.tenant.region).toBe('eu-west-1');
  });
});

describe('what is refused, by its field', () => {
  test.for(['gold', '', 'Growth', 'constructor', 'toString', '__proto__'])('the tier "%s"', (tier) => {
    expect(() => register({ request: anOnboardingRequest({ tier }) })).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        errors: [{ path: '/tier', message: 'must be one of starter, growth, enterprise' }],
      }),
    );
  });

  test.for(['mars-1', '', 'US-EAST-1'])('the region "%s"', (region) => {
    expect(() => register({ request: anOnboardingRequest({ region }) })).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        errors: [{ path: '/region', message: 'must be one of us-east-1, eu-west-1' }],
      }),
    );
  });
});

const stored = (): StoredRequest => {
  const { change } = register({
    idempotencyKey: 'key-1',
    request: anOnboardingRequest({ metadata: { a: 1, b: 2 } }),
  });
  return put(change.writes, 'REQUEST').item as unknown as StoredRequest;
};

describe('a repeated request', () => {
  test('is answered as it was first, whatever the order of its fields', () => {
    const { slug, ...rest } = anOnboardingRequest({ metadata: { b: 2, a: 1 } });
    expect(repeatedAnswer(stored(), { ...rest, slug })).toEqual(stored().answer);
  });

  test.for([
    { name: 'Acme Inc' },
    { metadata: { a: 1 } },
    { metadata: { a: 1, b: '2' } },
    { region: 'us-east-1' },
    { flags: {} },
  ])('that differs in %o is refused', (difference) => {
    const other = anOnboardingRequest({ metadata: { a: 1, b: 2 }, ...difference });
    expect(() => repeatedAnswer(stored(), other)).toThrow(expect.objectContaining({ code: 'idempotency_mismatch' }));
  });
});
