import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Membership } from '#core/access/sign-in.ts';
import type { Item } from '#core/change.ts';
import type { User } from '#core/contract/model/user.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { identityPartition, keys, userSortPrefix } from '#core/keys.ts';
import { tenantOf, userOf } from '#core/tenant/tenant-record.ts';
import type { Users } from '#core/user/user-writes.ts';
import { reader } from '#stores/aws/clients.ts';
import { type Page, queryAll, queryPage } from '#stores/aws/pages.ts';

const TableName = tableNames.tenants;

const usersQuery = (tenantId: string, prefix: string) => ({
  TableName,
  ConsistentRead: true,
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: { ':pk': keys.tenant(tenantId).pk, ':prefix': prefix },
});

/** All users of a tenant, with the version of the whole list: the item `USERS` sorts next to every `USER#…`. */
export const readUsers = async (tenantId: string): Promise<Users> => {
  const items: Item[] = [];
  for await (const item of queryAll(usersQuery(tenantId, 'USER'))) items.push(item);
  const count = items.find(({ sk }) => sk === keys.users(tenantId).sk);
  return {
    users: items.filter(({ sk }) => sk.startsWith(userSortPrefix)).map(userOf),
    version: Number(count?.['version'] ?? 0),
  };
};

/** Users ordered by e-mail address. */
export const listUsers = (tenantId: string, limit: number, cursor: string | undefined): Promise<Page<User>> =>
  queryPage({
    query: usersQuery(tenantId, userSortPrefix),
    limit,
    cursor,
    startKey: (userId) => ({ ...keys.user(tenantId, userId) }),
    positionOf: ({ sk }) => sk.slice(userSortPrefix.length),
    match: userOf,
  });

/** The ids of the tenants a user belongs to. */
export const tenantIdsOf = async (userId: string): Promise<string[]> => {
  const tenantIds: string[] = [];
  const items = queryAll({
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': identityPartition(userId) },
  });
  for await (const { tenantId } of items) tenantIds.push(String(tenantId));
  return tenantIds;
};

/** DynamoDB reads 100 keys per call; each membership has two. */
const maxMemberships = 50;

/** The first fifty tenants a user belongs to, each with the user's record there. */
export const readMemberships = async (userId: string): Promise<Membership[]> => {
  const tenantIds = (await tenantIdsOf(userId)).slice(0, maxMemberships);
  if (tenantIds.length === 0) return [];
  const Keys = tenantIds.flatMap((tenantId) => [keys.tenant(tenantId), keys.user(tenantId, userId)]);
  const { Responses = {} } = await reader().send(
    new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
  );
  const items = (Responses[TableName] ?? []) as Item[];
  return tenantIds.flatMap((tenantId) => {
    const ofTenant = items.filter(({ pk }) => pk === keys.tenant(tenantId).pk);
    const tenant = ofTenant.find(({ sk }) => sk === 'TENANT');
    const user = ofTenant.find(({ sk }) => sk.startsWith(userSortPrefix));
    return tenant && user ? [{ tenant: tenantOf(tenant), user: userOf(user) }] : [];
  });
};
