import { describe, expect, test } from 'vitest';
import { tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import {
  assertActive,
  assertRotatable,
  recordFailedRotation,
  recordRotation,
  requestRotation,
  rotationDaysOf,
} from '#core/secrets/rotate-secret.ts';
import { aCause, aTenant, someTiers, tenantId } from '#test/builders.ts';

const token = '0b0e7a6e-4b52-4c58-9a0f-2b4f6d0c9a11';
const target = { type: 'secret', id: tenantDatabaseSecretName(tenantId) };

describe('a rotation is allowed for', () => {
  test.for(['active', 'suspended'] as const)('a tenant that is %s, by schedule', (status) => {
    expect(() => assertRotatable(aTenant({ status }))).not.toThrow();
  });

  test.for(['requested', 'provisioning', 'rolling-back', 'failed', 'offboarding', 'offboarded'] as const)(
    'never one that is %s',
    (status) => {
      expect(() => assertRotatable(aTenant({ status }))).toThrow(
        expect.objectContaining({ code: 'invalid_transition' }),
      );
    },
  );

  test('only an active tenant on request', () => {
    expect(() => assertActive(aTenant({ status: 'active' }))).not.toThrow();
    expect(() => assertActive(aTenant({ status: 'suspended' }))).toThrow(
      expect.objectContaining({ code: 'invalid_transition' }),
    );
  });
});

describe('the days between rotations', () => {
  test('are those of the tier', () => {
    const tiers = { ...someTiers.tiers, enterprise: { ...someTiers.tiers['enterprise']!, rotation: { days: 7 } } };
    expect(rotationDaysOf({ tiers }, 'enterprise')).toBe(7);
  });

  test.for(['gone', 'constructor', '__proto__'])('are the default for an unknown tier: %s', (tier) => {
    expect(rotationDaysOf(someTiers, tier)).toBe(30);
  });
});

describe('a rotation', () => {
  const asked = requestRotation(tenantId, undefined, token, aCause());

  test('on request is audited, and recorded with its token and requester', () => {
    expect(asked).toMatchObject({
      stream: tenantId,
      cause: aCause(),
      audit: [{ action: 'secret.rotation.requested', target, after: { versionId: token } }],
      writes: [{ item: { version: 1, requested: { token, cause: aCause() } }, guard: { condition: { absent: true } } }],
    });
  });

  test('keeps the rest of the record, and replaces no version it has not read', () => {
    const record = { version: 4, rotatedVersion: 'earlier' };
    expect(requestRotation(tenantId, record, token, aCause()).writes).toMatchObject([
      { item: { version: 5, rotatedVersion: 'earlier' }, guard: { condition: { equals: { version: 4 } } } },
    ]);
  });

  test('that took effect is audited as the requester’s', () => {
    const record = { version: 1, requested: { token, cause: aCause() } };
    expect(recordRotation(tenantId, record, token)).toMatchObject({
      cause: aCause(),
      audit: [{ action: 'secret.rotated', target, after: { versionId: token } }],
      writes: [{ item: { version: 2, rotatedVersion: token } }],
    });
  });

  test('that nobody requested is the schedule’s', () => {
    for (const record of [undefined, { version: 1, requested: { token: 'another', cause: aCause() } }]) {
      expect(recordRotation(tenantId, record, token)?.cause).toMatchObject({ actor: { type: 'schedule' } });
    }
  });

  test('is recorded once', () => {
    expect(recordRotation(tenantId, { version: 2, rotatedVersion: token }, token)).toBeUndefined();
  });

  test('that failed changes only the audit stream', () => {
    expect(recordFailedRotation(tenantId, 'event-1', true)).toMatchObject({
      writes: [],
      cause: { actor: { type: 'service', id: 'settle-rotation' }, requestId: 'event-1' },
      audit: [{ action: 'secret.rotation.failed', after: { restored: true } }],
    });
  });
});
