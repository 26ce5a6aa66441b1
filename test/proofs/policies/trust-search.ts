import { tenantId } from '#test/builders.ts';
import { collidingIds } from '#test/proofs/colliding-ids.ts';
import type { Random } from '#test/proofs/seeded.ts';
import { account, iamArn } from './arns.ts';
import { allows } from './evaluate.ts';
import type { SynthesisedRole } from './role-policies.ts';

/** An attempt to take the tenants' role: by whom, with which session tags, and which of them are to go on. */
export interface Attempt {
  role: SynthesisedRole;
  tags: Readonly<Record<string, string>>;
  transitive: readonly string[];
}

const values = [...collidingIds, 'tn_*', 'tn_?', 'tn_', 'tn_a/database', `tn_${'*'.repeat(26)}`].filter(
  // STS takes no longer value.
  (value) => value.length <= 256,
);

export const anyAttempt = (random: Random, roles: readonly SynthesisedRole[]): Attempt => {
  const tags = {
    ...(random.chance(85) && { tenant: random.chance(40) ? tenantId : random.pick(values) }),
    ...(random.chance(10) && { role: 'admin' }),
    ...(random.chance(10) && { tenants: random.pick(values) }),
  };
  return { role: random.pick(roles), tags, transitive: random.chance(15) ? Object.keys(tags) : [] };
};

/** Taking a role with tags asks for two actions, and both must be allowed. */
export const mayAssume = async (trusted: SynthesisedRole, { role, tags, transitive }: Attempt): Promise<boolean> => {
  const context = {
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:RequestTag/${name}`, value])),
    ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
    ...(transitive.length > 0 && { 'sts:TransitiveTagKeys': [...transitive] }),
  };
  const actions = ['sts:AssumeRole', ...(Object.keys(tags).length > 0 ? ['sts:TagSession'] : [])];
  const judged = actions.map((action) =>
    allows(
      role.policies,
      { action, resource: iamArn(`role/${trusted.name}`), context },
      {
        principal: `arn:aws:sts::${account}:assumed-role/${role.name ?? role.id}/a-session`,
        resourcePolicy: trusted.trust,
      },
    ),
  );
  return (await Promise.all(judged)).every((allowed) => allowed);
};

/** One tag, `tenant`, that has the length of a tenant's id after `tn_`, and that goes no further. */
export const isForOneTenant = ({ tags, transitive }: Attempt): boolean =>
  Object.keys(tags).join() === 'tenant' && /^tn_.{26}$/s.test(tags['tenant'] ?? '') && transitive.length === 0;
