import { describe, expect, test } from 'vitest';
import { secretPolicy } from '#core/secrets/secret-policy.ts';
import { assertPolicy, deniedBy } from '#local/aws/secrets-manager/policy.ts';
import { otherTenantId, tenantId } from '#test/builders.ts';

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const policy = JSON.stringify(
  secretPolicy({
    tenantId,
    tenantRoleArn: role('tenantry-tenant'),
    controlPlaneArns: [role('tenantry-health-check-us-east-1')],
  }),
);
const read = 'secretsmanager:GetSecretValue';
const isDenied = (arn: string, tags: Record<string, string> = {}, action = read) =>
  deniedBy(policy, { arn, tags }, action, 'the secret') !== undefined;

describe('the policy of a tenant’s secret', () => {
  test('allows the tenant’s own sessions and the functions that need it', () => {
    expect(isDenied(role('tenantry-tenant'), { tenant: tenantId })).toBe(false);
    expect(isDenied(role('tenantry-health-check-us-east-1'))).toBe(false);
  });

  test.for<[string, string, Record<string, string>]>([
    ['another tenant', role('tenantry-tenant'), { tenant: otherTenantId }],
    ['a tenant whose id begins alike', role('tenantry-tenant'), { tenant: `${tenantId}0` }],
    ['a session without a tag', role('tenantry-tenant'), {}],
    ['a session with another tag', role('tenantry-tenant'), { tenantId }],
    ['a function that does not need it', role('tenantry-tenants-api-us-east-1'), {}],
    ['a role whose name begins alike', role('tenantry-tenant-x'), { tenant: tenantId }],
    ['a role that tags itself', role('somebody'), { tenant: tenantId }],
    ['an administrator', role('Admin'), {}],
    ['the account itself', 'arn:aws:iam::123456789012:root', {}],
  ])('denies %s', ([_who, arn, tags]) => {
    expect(isDenied(arn, tags)).toBe(true);
  });

  test('does not concern calls that reveal no value', () => {
    expect(isDenied(role('Admin'), {}, 'secretsmanager:DescribeSecret')).toBe(false);
  });

  test('is understood in full by the local Secrets Manager', () => {
    expect(() => assertPolicy(policy)).not.toThrow();
    const allowing = policy.replace('"Deny"', '"Allow"');
    const unknown = policy.replace('StringNotEquals', 'StringNotLike');
    for (const other of [allowing, unknown, 'no JSON', '{}'])
      expect(() => assertPolicy(other)).toThrow(expect.objectContaining({ name: 'MalformedPolicyDocumentException' }));
  });
});
