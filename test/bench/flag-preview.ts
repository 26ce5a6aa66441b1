import { performance } from 'node:perf_hooks';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { indexNames, tableNames } from '#core/contract/platform/names.ts';
import { aFlag, shareOf } from '#test/builders.ts';
import { flagsOf, okay, registerTenants } from '#test/local/system/flags-fixture.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';

/** Bench of previews over a large registry: prints one JSON line, beside what it takes to read the registry at all. */
const count = 10_000;
const turns = 7;
const tiers = ['starter', 'growth', 'enterprise'];

const timed = async (work: () => Promise<unknown>) => {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began);
};

const timesOf = async (work: () => Promise<unknown>) => {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) times.push(await timed(work));
  const sorted = times.toSorted((a, b) => a - b);
  return { firstMs: times[0], p50Ms: sorted[Math.floor(turns / 2)], maxMs: sorted.at(-1) };
};

/** Every tenant of the registry, one page after the other, and nothing done with them. */
const readRegistry = async (dynamodb: DynamoDBClient) => {
  let ExclusiveStartKey: QueryCommand['input']['ExclusiveStartKey'];
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: tableNames.tenants,
        IndexName: indexNames.byEntity,
        KeyConditionExpression: 'entity = :entity',
        ExpressionAttributeValues: { ':entity': { S: 'TENANT' } },
        ExclusiveStartKey,
      }),
    );
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
};

const measure = async (system: System) => {
  await registerTenants(system, count, (index) => ({ tier: tiers[index % 3] ?? 'starter' }));
  const flags = flagsOf(system);
  const dynamodb = new DynamoDBClient(system.aws);
  const rule = { if: [{ '===': [{ var: 'tier' }, 'growth'] }, shareOf(50), 'off'] };
  const preview = await timesOf(async () => okay(await flags.preview('previewed', aFlag({ targeting: rule }))));
  const floor = await timesOf(() => readRegistry(dynamodb));
  dynamodb.destroy();
  process.stdout.write(`${JSON.stringify({ bench: 'flag-preview', tenants: count, barMs: 1_000, preview, floor })}\n`);
};

const system = await newSystem();
try {
  await measure(await system.start());
} finally {
  await system.remove();
}
