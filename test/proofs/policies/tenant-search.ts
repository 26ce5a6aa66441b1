import { tableNames } from '#core/contract/platform/names.ts';
import { collidingIds } from '#test/proofs/colliding-ids.ts';
import type { Random } from '#test/proofs/seeded.ts';
import { arn } from './arns.ts';
import { allows, type NamedPolicy, type Question } from './evaluate.ts';
import { groups, itemActions, secretActions, tableActions } from './vocabulary.ts';

/** Tenants that sessions are opened for: also those that the trust policy lets pass, though no tenant is called so. */
const tags = [...collidingIds, 'tn_*', 'tn_?', 'tn_', 'tn_a/database', 'TENANT#a'];
/** What a secret can be called; nothing else is asked for by name. */
const nameable = tags.filter((id) => /^[\w/+=.@-]{1,400}$/.test(id));

const reads = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const ownTables = ['tenantry-tenants', 'tenantry-flags', 'tenantry-audit'];
/** The indexes that keep a tenant's items in the tenant's partition: of these alone LeadingKeys tells a tenant. */
const ownIndexes = ['tenantry-audit/index/by-action', 'tenantry-audit/index/by-actor'];
const tables = [...Object.values(tableNames), 'tenantry-tenants-2', 'xtenantry-audit'];
const indexes = [...ownIndexes, 'tenantry-tenants/index/by-status', 'tenantry-tenants/index/by-entity'];

const tagKey = 'aws:PrincipalTag/tenant';
const leadingKeys = 'dynamodb:LeadingKeys';

/** A call by a session of the tenants' role, for the tenant of its tag; without one the tag was left out. */
export interface TenantQuestion extends Question {
  tag: string | undefined;
}

const anyTag = (random: Random) => (random.chance(10) ? undefined : random.pick(tags));

/** What a comparison of less than the whole would take for the same. */
const lookalike = (random: Random, id: string) =>
  random.pick([`${id}0`, `${id}-1`, `${id}#`, `${id}*`, `x${id}`, id.slice(0, -1), id.toUpperCase(), ` ${id}`]);

const anyPartition = (random: Random, tag: string | undefined) => {
  if (tag !== undefined && random.chance(75)) return `TENANT#${tag}`;
  const id = tag !== undefined && random.chance(30) ? lookalike(random, tag) : random.pick(tags);
  return random.pick([`TENANT#${id}`, `TENANT#${id}`, `SLUG#${id}`, id, 'SYSTEM', 'TENANT#']);
};

/**
 * The partitions that a call names, or none at all, as for a Scan. An empty list is left out: DynamoDB never hands one
 * on, and for IAM it is a key that is not there (user guide, Null operator), which the evaluator sees otherwise.
 */
const anyKeys = (random: Random, tag: string | undefined): Question['context'] => {
  if (random.chance(12)) return {};
  const count = random.chance(60) ? 1 : 2 + random.int(4);
  return { [leadingKeys]: Array.from({ length: count }, () => anyPartition(random, tag)) };
};

const aboutItems = (random: Random, tag: string | undefined): Question => {
  const onIndex = random.chance(35);
  const name = random.pick(onIndex ? indexes : tables);
  const others = onIndex ? ['dynamodb:Scan', 'dynamodb:PartiQLSelect'] : [...itemActions, ...tableActions];
  const action = random.chance(65) ? random.pick(onIndex ? ['dynamodb:Query'] : reads) : random.pick(others);
  const foreign = random.chance(4) ? { account: '999900001111' } : {};
  return {
    action,
    resource: arn('dynamodb', `table/${name}`, foreign),
    context: {
      ...anyKeys(random, tag),
      ...(random.chance(20) && { 'dynamodb:Attributes': ['pk', random.pick(['sk', 'status', 'hash'])] }),
      ...(random.chance(10) && { 'dynamodb:Select': random.pick(['ALL_ATTRIBUTES', 'COUNT']) }),
    },
  };
};

const aboutSecrets = (random: Random, tag: string | undefined): Question => {
  const id = tag !== undefined && nameable.includes(tag) && random.chance(50) ? tag : random.pick(nameable);
  const name = random.pick([
    `tenantry/tenants/${id}/database`,
    `tenantry/tenants/${id}/database`,
    `tenantry/tenants/${id}`,
    `tenantry/shards/${id}/admin`,
    `x/tenantry/tenants/${id}/database`,
  ]);
  const action = random.chance(70)
    ? random.pick(['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'])
    : random.pick(secretActions);
  return { action, resource: arn('secretsmanager', `secret:${name}-AbCdEf`), context: {} };
};

/** What no tenant has any part in: queues, workflows, objects, roles. */
const aboutAnythingElse = (random: Random): Question => {
  const { actions, resources } = random.pick(groups);
  return { action: random.pick(actions), resource: random.pick(resources), context: {} };
};

/** A call of any kind, for any tenant; what a tenant may ask for itself comes up often enough. */
export const anyQuestion = (random: Random): TenantQuestion => {
  const tag = anyTag(random);
  const draw = random.int(100);
  const about = () => {
    if (draw < 72) return aboutItems(random, tag);
    return draw < 92 ? aboutSecrets(random, tag) : aboutAnythingElse(random);
  };
  const { context, ...asked } = about();
  return { ...asked, tag, context: { ...context, ...(tag !== undefined && { [tagKey]: tag }) } };
};

/** The rule: a tag, a listed action, and nothing but the own partition by equality, or a secret under the own path. */
export const isOwn = ({ tag, action, resource, context }: TenantQuestion): boolean => {
  // For IAM a tag without a value is one that is not there.
  if (tag === undefined || tag === '') return false;
  const keys = context[leadingKeys] ?? [];
  const isItems = [...ownTables, ...ownIndexes].some((name) => resource === arn('dynamodb', `table/${name}`));
  if (isItems) {
    return (
      reads.includes(action) && Array.isArray(keys) && keys.length > 0 && keys.every((key) => key === `TENANT#${tag}`)
    );
  }
  return (
    /^secretsmanager:(GetSecretValue|DescribeSecret|ListSecretVersionIds)$/.test(action) &&
    resource.startsWith(arn('secretsmanager', `secret:tenantry/tenants/${tag}/`))
  );
};

export interface TenantFindings {
  asked: number;
  allowed: number;
  wrongAllows: TenantQuestion[];
  wrongDenials: TenantQuestion[];
}

/** Asks the policies of a tenants' role so many questions, and compares each answer with the rule. */
export const searchTenantRole = async (
  policies: readonly NamedPolicy[],
  random: Random,
  asked: number,
): Promise<TenantFindings> => {
  const found: TenantFindings = { asked, allowed: 0, wrongAllows: [], wrongDenials: [] };
  for (let turn = 0; turn < asked; turn += 1) {
    const question = anyQuestion(random);
    const [own, allowed] = [isOwn(question), await allows(policies, question)];
    if (allowed) found.allowed += 1;
    if (allowed && !own) found.wrongAllows.push(question);
    if (!allowed && own) found.wrongDenials.push(question);
  }
  return found;
};
