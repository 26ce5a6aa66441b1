import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteRolePolicyCommand, IAMClient, NoSuchEntityException, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  type RevokedSessions,
  revokedSessionsPolicy,
  withoutRevoked,
  withRevoked,
} from '#core/access/revoked-sessions.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { revokedSessionsPolicyName, tableNames, tenantRoleName } from '#core/contract/platform/names.ts';
import { keys, recordOf } from '#core/keys.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';
import { documents } from './clients.ts';
import { conditionExpression } from './expressions.ts';
import { getItem } from './get-item.ts';

interface Revocations {
  tenants: RevokedSessions;
  /** Grows with every change. */
  version: number;
}

const TableName = tableNames.tenants;
const policy = { RoleName: tenantRoleName, PolicyName: revokedSessionsPolicyName };

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

const isLostRace = (error: unknown) => error instanceof ConditionalCheckFailedException;

const store = async (decide: (revoked: RevokedSessions) => RevokedSessions): Promise<Revocations> => {
  try {
    return await retryOnConflict({ isConflict: isLostRace }, async () => {
      const { tenants, version } = await read();
      const next = { tenants: decide(tenants), version: version + 1 };
      const condition = version === 0 ? { absent: true as const } : { equals: { version } };
      const Item = { ...keys.revokedSessions, ...next };
      await documents.send(new PutCommand({ TableName, Item, ...conditionExpression(condition) }));
      return next;
    });
  } catch (cause) {
    if (!isLostRace(cause)) throw cause;
    const message = 'Too many tenants are being suspended or resumed at once.';
    throw new AppError('dependency_unavailable', message, { cause });
  }
};

const read = async (): Promise<Revocations> => {
  const item = await getItem(documents, 'tenants', keys.revokedSessions);
  return item ? (recordOf(item) as Revocations) : { tenants: {}, version: 0 };
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
