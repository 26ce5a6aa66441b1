import { secretPolicy } from '#core/secrets/secret-policy.ts';
import { tenantId } from '#test/builders.ts';
import { collidingIds } from '#test/proofs/colliding-ids.ts';
import type { Random } from '#test/proofs/seeded.ts';
import { account, arn, iamArn } from './arns.ts';
import { allows } from './evaluate.ts';

/** A read of one tenant's secret: by whom, and with which session tag. */
export interface SecretRead {
  role: string;
  tag: string | undefined;
}

const reader = 'tenantry-provision-us-east-1';
const roles = ['tenantry-tenant', reader, 'tenantry-tenants-api-us-east-1', 'admin', `${reader}-2`, 'xtenantry-tenant'];
/** The worst that a role of the account can be: what the secret's own policy does not deny, it may. */
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const policy = secretPolicy({
  tenantId,
  tenantRoleArn: iamArn('role/tenantry-tenant'),
  controlPlaneArns: [iamArn(`role/${reader}`)],
});

export const anyRead = (random: Random): SecretRead => ({
  role: random.pick(roles),
  tag: random.chance(15) ? undefined : random.pick([tenantId, ...collidingIds]),
});

export const mayRead = ({ role, tag }: SecretRead): Promise<boolean> =>
  allows(
    [{ name: 'everything', policy: everything }],
    {
      action: 'secretsmanager:GetSecretValue',
      resource: arn('secretsmanager', `secret:tenantry/tenants/${tenantId}/database-AbCdEf`),
      context: {
        'aws:PrincipalArn': iamArn(`role/${role}`),
        ...(tag !== undefined && { 'aws:PrincipalTag/tenant': tag }),
      },
    },
    { principal: `arn:aws:sts::${account}:assumed-role/${role}/a-session`, resourcePolicy: policy },
  );

/** The tenant itself by its tag, or a function that the policy names. */
export const isReader = ({ role, tag }: SecretRead) =>
  role === reader || (role === 'tenantry-tenant' && tag === tenantId);
