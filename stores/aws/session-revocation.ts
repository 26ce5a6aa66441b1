import { setTimeout as delay } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteRolePolicyCommand, IAMClient, NoSuchEntityException, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  type RevokedSessions,
  revokedSessionsPolicy,
  withoutRevoked,
  withRevoked,
} from '#core/access/revoked-sessions.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { revokedSessionsPolicyName, tableNames, tenantRoleName } from '#core/contract/platform/names.ts';
import { keys } from '#core/keys.ts';
import { documents } from './clients.ts';
import { conditionExpression } from './expressions.ts';

interface Revocations {
  tenants: RevokedSessions;
  /** Grows with every change. */
  version: number;
}

const TableName = tableNames.tenants;
const Key = keys.revokedSessions;
const policy = { RoleName: tenantRoleName, PolicyName: revokedSessionsPolicyName };
/** Far more than suspensions that meet at one moment need. */
const maxTries = 20;

const iam = /* @__PURE__ */ new IAMClient();

/**
 * Denies everything to the sessions of the tenants' role that were opened for this tenant, once IAM has propagated it:
 * usually within seconds, by its documentation within minutes. It may be repeated. Throws `dependency_unavailable` when
 * too many tenants were suspended within an hour.
 */
export const revokeSessions = (tenantId: string, now: string): Promise<void> =>
  change((revoked) => withRevoked(revoked, tenantId, now));

/** Lets the tenant's sessions work again, those that are still open included. It may be repeated. */
export const restoreSessions = (tenantId: string, now: string): Promise<void> =>
  change((revoked) => withoutRevoked(revoked, tenantId, now));

/** The item decides, the policy follows it: two changes at once could otherwise each put a policy without the other. */
const change = async (decide: (revoked: RevokedSessions) => RevokedSessions): Promise<void> => {
  let current = await store(decide);
  let put: number | undefined;
  while (put !== current.version) {
    await putPolicy(current.tenants);
    put = current.version;
    current = await read();
  }
};

const store = async (decide: (revoked: RevokedSessions) => RevokedSessions): Promise<Revocations> => {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const { tenants, version } = await read();
    const next = { tenants: decide(tenants), version: version + 1 };
    const condition = version === 0 ? { absent: true as const } : { equals: { version } };
    try {
      await documents.send(new PutCommand({ TableName, Item: { ...Key, ...next }, ...conditionExpression(condition) }));
      return next;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      await delay(Math.random() * 20 * 2 ** Math.min(attempt, 5));
    }
  }
  throw new AppError('dependency_unavailable', 'Too many tenants are being suspended or resumed at once.');
};

const read = async (): Promise<Revocations> => {
  const { Item } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return (Item as Revocations | undefined) ?? { tenants: {}, version: 0 };
};

const putPolicy = async (tenants: RevokedSessions): Promise<void> => {
  const document = revokedSessionsPolicy(tenants);
  if (document) {
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: JSON.stringify(document) }));
    return;
  }
  try {
    await iam.send(new DeleteRolePolicyCommand(policy));
  } catch (error) {
    if (!(error instanceof NoSuchEntityException)) throw error;
  }
};
