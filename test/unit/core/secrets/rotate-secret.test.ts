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

describe('who may be given a new password', () => {
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

  test('only an active one, when somebody asks', () => {
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

  test.for(['gone', 'constructor', '__proto__'])('are the usual for a tier that is not sold: %s', (tier) => {
    expect(rotationDaysOf(someTiers, tier)).toBe(30);
  });
});

describe('a rotation', () => {
  const asked = requestRotation(tenantId, undefined, token, aCause());

  test('that is asked for is audited, and its token kept with who asked', () => {
    expect(asked).toMatchObject({
      stream: tenantId,
      cause: aCause(),
      audit: [{ action: 'secret.rotation.requested', target, after: { versionId: token } }],
      writes: [{ item: { version: 1, requested: { token, cause: aCause() } }, guard: { condition: { absent: true } } }],
    });
  });

  test('keeps what was written before, and takes no one’s place unseen', () => {
    const record = { version: 4, rotatedVersion: 'earlier' };
    expect(requestRotation(tenantId, record, token, aCause()).writes).toMatchObject([
      { item: { version: 5, rotatedVersion: 'earlier' }, guard: { condition: { equals: { version: 4 } } } },
    ]);
  });

  test('that took effect is written down as theirs who asked for it', () => {
    const record = { version: 1, requested: { token, cause: aCause() } };
    expect(recordRotation(tenantId, record, token)).toMatchObject({
      cause: aCause(),
      audit: [{ action: 'secret.rotated', target, after: { versionId: token } }],
      writes: [{ item: { version: 2, rotatedVersion: token } }],
    });
  });

  test('that nobody asked for is the schedule’s', () => {
    for (const record of [undefined, { version: 1, requested: { token: 'another', cause: aCause() } }]) {
      expect(recordRotation(tenantId, record, token)?.cause).toMatchObject({ actor: { type: 'schedule' } });
    }
  });

  test('that is written down already is not written again', () => {
    expect(recordRotation(tenantId, { version: 2, rotatedVersion: token }, token)).toBeUndefined();
  });

  test('that failed changes nothing but the audit stream', () => {
    expect(recordFailedRotation(tenantId, 'event-1', true)).toMatchObject({
      writes: [],
      cause: { actor: { type: 'service', id: 'settle-rotation' }, requestId: 'event-1' },
      audit: [{ action: 'secret.rotation.failed', after: { restored: true } }],
    });
  });
});
