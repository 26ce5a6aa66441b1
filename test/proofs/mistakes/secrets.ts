import type { Mistake } from './mistake.ts';

const policy = 'core/secrets/secret-policy.ts';
const policyTests = ['test/unit/core/secrets/secret-policy.test.ts'];

/** Mistakes about who reads a tenant's secret. */
export const secretMistakes: readonly Mistake[] = [
  {
    what: 'a session without the tag reads every secret',
    file: policy,
    right: 'StringNotEquals: { [`aws:PrincipalTag/${tenantTag}`]: tenantId },',
    wrong: "'ForAnyValue:StringNotEquals': { [`aws:PrincipalTag/${tenantTag}`]: tenantId },",
    caughtBy: policyTests,
  },
  {
    what: 'whose secret it is is compared by prefix',
    file: policy,
    right: 'StringNotEquals: { [`aws:PrincipalTag/${tenantTag}`]: tenantId },',
    wrong: 'StringNotLike: { [`aws:PrincipalTag/${tenantTag}`]: `${tenantId}*` },',
    caughtBy: policyTests,
  },
  {
    what: 'any role of the account that may read secrets reads those of tenants',
    file: policy,
    right: "ArnNotEquals: { 'aws:PrincipalArn': [tenantRoleArn, ...controlPlaneArns] },",
    wrong: "ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/*', tenantRoleArn, ...controlPlaneArns] },",
    caughtBy: policyTests,
  },
];
