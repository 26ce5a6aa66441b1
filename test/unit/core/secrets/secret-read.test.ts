import { describe, expect, test } from 'vitest';
import { type SecretCall, secretCallSchema } from '#core/contract/platform/cloudtrail.ts';
import { secretPathOf } from '#core/secrets/secret-path.ts';
import { secretRead } from '#core/secrets/secret-read.ts';
import { tenantId } from '#test/builders.ts';

const secretId = `tenantry/tenants/${tenantId}/database`;
const arn = `arn:aws:secretsmanager:us-east-1:123456789012:secret:${secretId}-a1B2c3`;

/** A read as CloudTrail tells of it, with more fields than are heeded. */
const aCall = (identity: Partial<SecretCall['userIdentity']> = {}, id = secretId): SecretCall =>
  secretCallSchema.parse({
    eventVersion: '1.11',
    eventID: 'b6b2c4ee-0f43-4a52-93a7-5f2f0c1f9d3e',
    eventTime: '2026-11-22T12:00:00Z',
    eventName: 'GetSecretValue',
    sourceIPAddress: '10.0.1.7',
    userAgent: 'aws-sdk-js/3',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::123456789012:assumed-role/tenantry-tenant/acme-1',
      ...identity,
    },
    requestParameters: { secretId: id, versionStage: 'AWSCURRENT' },
    responseElements: null,
  });

describe('a read', () => {
  test.for([secretId, arn])('of %s is audited in the stream of its tenant', (id) => {
    expect(secretRead(aCall({}, id))).toEqual({
      stream: tenantId,
      cause: {
        actor: { type: 'service', id: 'arn:aws:sts::123456789012:assumed-role/tenantry-tenant/acme-1' },
        requestId: 'b6b2c4ee-0f43-4a52-93a7-5f2f0c1f9d3e',
        source: { ip: '10.0.1.7', userAgent: 'aws-sdk-js/3' },
      },
      writes: [],
      audit: [
        {
          action: 'secret.accessed',
          target: { type: 'secret', id: secretId },
          after: { at: '2026-11-22T12:00:00Z', versionStage: 'AWSCURRENT' },
        },
      ],
    });
  });

  test.for([
    ['Root', 'arn:aws:iam::123456789012:root', 'user'],
    ['IAMUser', 'arn:aws:iam::123456789012:user/ada', 'user'],
    ['AssumedRole', 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_1/ada', 'user'],
    ['AssumedRole', 'arn:aws:sts::123456789012:assumed-role/tenantry-health-check-us-east-1/x', 'service'],
  ] as const)('by %s %s is that of a %3$s', ([type, principal, actor]) => {
    expect(secretRead(aCall({ type, arn: principal }))?.cause.actor).toEqual({ type: actor, id: principal });
  });

  test('by an AWS service is audited as that service’s', () => {
    const identity = { type: 'AWSService', arn: undefined, invokedBy: 'secretsmanager.amazonaws.com' };
    expect(secretRead(aCall(identity))?.cause.actor.id).toBe('secretsmanager.amazonaws.com');
  });

  test.for([
    'tenantry/shards/shared-1/admin',
    'tenantry/tenants/not-an-id/database',
    `tenantry/tenants/${tenantId}`,
    `tenantry/tenants/${tenantId}/`,
    `tenantry/tenants/${tenantId}x/database`,
    `other/tenantry/tenants/${tenantId}/database`,
  ])('of %s is told to no tenant', (id) => {
    expect(secretRead(aCall({}, id))).toBeUndefined();
  });
});

test('the six characters of an ARN are not part of the name, and a name keeps characters that look like them', () => {
  expect(secretPathOf(arn)).toEqual({ tenantId, name: 'database' });
  expect(secretPathOf(arn.slice(0, -7))).toEqual({ tenantId, name: 'database' });
  expect(secretPathOf(`${secretId}-a1B2c3`)).toEqual({ tenantId, name: 'database-a1B2c3' });
});
