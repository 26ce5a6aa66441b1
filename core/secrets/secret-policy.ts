import { tenantTag } from '#core/contract/platform/names.ts';

interface Readers {
  tenantId: string;
  /** The role that tenants assume, each with its own id as session tag. */
  tenantRoleArn: string;
  /** Roles of the control plane's functions that read the value. */
  controlPlaneArns: readonly string[];
}

const deny = (Sid: string, Condition: Record<string, Record<string, string | readonly string[]>>) => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
  Condition,
});

/**
 * The resource policy of a tenant's secret. It only denies; those it does not deny also need permission from their own
 * role. A negated comparison is true if the key is absent, so a session without the tag is denied too.
 */
export const secretPolicy = ({ tenantId, tenantRoleArn, controlPlaneArns }: Readers) => ({
  Version: '2012-10-17',
  Statement: [
    deny('OnlyTheTenantAndTheControlPlane', {
      ArnNotEquals: { 'aws:PrincipalArn': [tenantRoleArn, ...controlPlaneArns] },
    }),
    deny('OnlyItsOwnTenant', {
      ArnEquals: { 'aws:PrincipalArn': tenantRoleArn },
      StringNotEquals: { [`aws:PrincipalTag/${tenantTag}`]: tenantId },
    }),
  ],
});
