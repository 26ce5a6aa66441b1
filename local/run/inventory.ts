import { tableNames } from '#core/contract/platform/names.ts';
import { overrideSortPrefix, userSortPrefix } from '#core/keys.ts';
import type { AwsService } from '#local/aws/endpoint/service.ts';
import type { Clusters } from '#local/postgres/clusters.ts';
import { inventory as shardInventory } from '#stores/postgres/inventory.ts';

/** What exists, by the services themselves; the names of a list are in alphabetical order. */
export interface Inventory {
  schemas: string[];
  roles: string[];
  rows: Record<string, number>;
  secrets: string[];
  placements: Record<string, number>;
  overrides: string[];
  /** `<tenant id>/<user id>` of each tenant's users, and the names that may sign in. */
  users: string[];
}

interface Services {
  dynamodb: AwsService;
  secretsManager: { names(): Promise<string[]> };
  userPool: { usernames(): Promise<string[]> };
  clusters: Clusters;
}

type RawItem = Record<string, { S?: string; N?: string }>;

/** Lists what there is of tenants: in Postgres, in Secrets Manager and in the tables. */
export const takeInventory = async ({ dynamodb, secretsManager, userPool, clusters }: Services): Promise<Inventory> => {
  const [shards, registry, flags, secrets, usernames] = await Promise.all([
    Promise.all([...(await clusters.databases()).values()].map(shardInventory)),
    scan(dynamodb, tableNames.tenants),
    scan(dynamodb, tableNames.flags),
    secretsManager.names(),
    userPool.usernames(),
  ]);
  return {
    schemas: shards.flatMap(({ schemas }) => schemas).toSorted(),
    roles: shards.flatMap(({ roles }) => roles).toSorted(),
    rows: sortedSums(shards.flatMap(({ rows }) => Object.entries(rows))),
    secrets: secrets.filter((name) => name.startsWith('tenantry/tenants/')).toSorted(),
    placements: sortedSums(
      registry
        .filter(({ entity }) => entity?.S === 'SHARD')
        .map(({ shardId, count }) => [shardId?.S ?? '', Number(count?.N)]),
    ),
    overrides: sortKeys(flags, overrideSortPrefix),
    users: [...sortKeys(registry, userSortPrefix), ...usernames].toSorted(),
  };
};

const sortedSums = (entries: readonly (readonly [string, number])[]) => {
  const sums = new Map<string, number>();
  for (const [name, count] of entries) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** `<tenant id>/<name>` of every item of a tenant whose sort key begins so. */
const sortKeys = (items: readonly RawItem[], prefix: string) =>
  items
    .filter(({ pk, sk }) => pk?.S?.startsWith('TENANT#') && sk?.S?.startsWith(prefix))
    .map(({ pk, sk }) => `${pk?.S?.slice('TENANT#'.length)}/${sk?.S?.slice(prefix.length)}`)
    .toSorted();

const scan = async (dynamodb: AwsService, TableName: string): Promise<RawItem[]> => {
  const found: RawItem[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = await dynamodb.call('Scan', {
      TableName,
      ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
    });
    found.push(...(page['Items'] as RawItem[]));
    ExclusiveStartKey = page['LastEvaluatedKey'];
  } while (ExclusiveStartKey);
  return found;
};
