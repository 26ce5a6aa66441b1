import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';

/** Bench of onboarding: prints one JSON line. The bars are for a machine that does nothing else. */
const alone = 20;
const burst = 500;
/** Looked for more often as the end comes nearer: to count hundreds of tenants is a load of its own. */
const waitMs = (missing: number) => Math.max(100, missing * 20);
const longestBurstMs = 120_000;
const sharedTiers = ['starter', 'growth'] as const;

const percentile = (sorted: readonly number[], share: number) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);

const spread = (times: readonly number[], seconds: number) => {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    tenants: times.length,
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    tenantsPerSecond: round(times.length / seconds),
  };
};

const round = (value: number) => Math.round(value * 10) / 10;

/** From the request to the end of the operation, by the record's own times. */
const oneByOne = async (system: System, tier: string, count: number) => {
  const times: number[] = [];
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const { body } = await system.onboard({ tier });
    const { status, startedAt, endedAt } = await system.untilOperation(body.operation.id);
    if (status !== 'succeeded' || !endedAt) throw new Error(`An onboarding of the bench ended ${status}.`);
    times.push(Date.parse(endedAt) - Date.parse(startedAt));
  }
  return spread(times, (performance.now() - began) / 1000);
};

/** Counted at the table, since to ask the API this often would be a load of its own. */
const activeTenants = async (dynamodb: DynamoDBClient) => {
  const { Count = 0 } = await dynamodb.send(
    new QueryCommand({
      TableName: tableNames.tenants,
      IndexName: indexNames.byStatus,
      Select: 'COUNT',
      KeyConditionExpression: 'statusKey = :active',
      ExpressionAttributeValues: { ':active': { S: 'TENANT#active' } },
    }),
  );
  return Count;
};

const atOnce = async (system: System, tiers: readonly string[], count: number) => {
  const local = {
    endpoint: system.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  };
  const events = new EventBridgeClient(local);
  const dynamodb = new DynamoDBClient(local);
  const entries = Array.from({ length: count }, (_value, index) => {
    const detail = system.request({ tier: tiers[index % tiers.length] });
    return {
      EventBusName: 'tenantry',
      Source: 'bench.crm',
      DetailType: 'tenant.onboarding.requested',
      Detail: JSON.stringify({ requestId: detail.slug, ...detail }),
    };
  });
  const before = await activeTenants(dynamodb);
  const began = performance.now();
  const batches = Array.from({ length: Math.ceil(count / 10) }, (_value, index) =>
    entries.slice(index * 10, index * 10 + 10),
  );
  await Promise.all(batches.map((Entries) => events.send(new PutEventsCommand({ Entries }))));
  const end = began + longestBurstMs;
  let missing = count;
  while (missing > 0 && performance.now() < end) {
    await delay(waitMs(missing));
    missing = count - ((await activeTenants(dynamodb)) - before);
  }
  const seconds = (performance.now() - began) / 1000;
  const shards = await system.call<{ items: { count: number }[] }>('/v1/shards');
  const placed = shards.body.items.reduce((sum, shard) => sum + shard.count, 0);
  return {
    tenants: count,
    seconds: round(seconds),
    tenantsPerSecond: round(count / seconds),
    placed,
    active: before + count - missing,
  };
};

const system = await (await newSystem()).start();
try {
  await oneByOne(system, 'starter', 3);
  const tiers: Record<string, unknown> = {};
  for (const tier of sharedTiers) tiers[tier] = await oneByOne(system, tier, alone);
  // A new local run has two spare clusters.
  tiers['enterprise'] = await oneByOne(system, 'enterprise', 2);

  // The stores' clients are made when they are imported, and take the endpoint from the environment.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: system.awsUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  });
  const { measureFloor } = await import('./floor.ts');
  const floorFolder = `${system.folder}/floor`;
  await mkdir(floorFolder);
  const floor: Record<string, unknown> = {};
  for (const tier of sharedTiers) {
    const { times, seconds } = await measureFloor({
      folder: `${floorFolder}/${tier}`,
      isolation: tier === 'starter' ? 'pool' : 'bridge',
      count: alone,
      atOnce: 1,
    });
    floor[tier] = spread(times, seconds);
  }
  const { times, seconds } = await measureFloor({
    folder: `${floorFolder}/burst`,
    isolation: 'both',
    count: burst,
    atOnce: 16,
  });
  const burstFloor = {
    tenants: times.length,
    seconds: round(seconds),
    tenantsPerSecond: round(times.length / seconds),
  };
  const burstMeasured = await atOnce(system, sharedTiers, burst);
  const ratio = round(burstMeasured.seconds / seconds);
  process.stdout.write(
    `${JSON.stringify({ bench: 'onboarding', tiers, floor, burst: burstMeasured, burstFloor, burstTimesFloor: ratio })}\n`,
  );
} finally {
  await system.remove();
}
