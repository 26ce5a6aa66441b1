import { randomUUID } from 'node:crypto';
import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { tableNames } from '#core/contract/platform/names.ts';
import { deps } from '#functions/deps.ts';
import { startCluster } from '#local/postgres/cluster.ts';
import { documents } from '#stores/aws/clients.ts';
import { closeConnections } from '#stores/postgres/connection.ts';
import { probeTenant } from '#stores/postgres/isolation/probe-tenant.ts';
import { createNamespace } from '#stores/postgres/namespaces.ts';
import { prepareShard } from '#stores/postgres/prepare-shard.ts';
import { createTenantRole } from '#stores/postgres/roles.ts';
import { seedSchema } from '#stores/postgres/seed-schema.ts';
import { newPassword } from '#stores/secrets/new-password.ts';

/** Items put by each of an onboarding's transactions: register, claim, six steps, end; their audit events included. */
const transactions = [7, 9, 4, 3, 3, 5, 4, 4, 1];
/** One read of the records for each step and for the end, one of the catalogue, one of the overrides. */
const reads = 9;

interface FloorOptions {
  folder: string;
  isolation: 'pool' | 'bridge' | 'both';
  count: number;
  /** How many are made side by side. */
  atOnce: number;
}

/** The same SQL and the same number of table writes and reads as an onboarding, by a bare loop: no workflow, no events. */
export const measureFloor = async ({ folder, isolation, count, atOnce }: FloorOptions) => {
  const cluster = await startCluster({ folder });
  const { endpoint, adminLogin } = cluster;
  const shard = { endpoint, admin: adminLogin, migrator: { user: 'tenantry_migrator', password: newPassword() } };
  const schema = new URL('../../examples/helpdesk/schema', import.meta.url).pathname;
  const make = async (index: number) => {
    const began = performance.now();
    const tenantId = deps.newTenantId();
    const isPooled = isolation === 'pool' || (isolation === 'both' && index % 2 === 0);
    const access = { tenantId, password: newPassword(), namespace: isPooled ? 'pool' : tenantId };
    for (let read = 0; read < reads; read += 1) await readRecords(tenantId);
    for (const items of transactions) await writeRecords(tenantId, items);
    await createTenantRole(shard, access);
    await createNamespace(shard, access.namespace);
    await seedSchema(shard, access.namespace, schema);
    await probeTenant(endpoint, access);
    return performance.now() - began;
  };
  try {
    await prepareShard(shard);
    await make(0);
    const times: number[] = [];
    const began = performance.now();
    let next = 0;
    const worker = async () => {
      while (next < count) {
        next += 1;
        times.push(await make(next));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { times, seconds: (performance.now() - began) / 1000 };
  } finally {
    await closeConnections();
    await cluster.stop();
  }
};

const partition = (tenantId: string) => `BENCH#${tenantId}`;

const readRecords = (tenantId: string) =>
  documents.send(
    new QueryCommand({
      TableName: tableNames.tenants,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition(tenantId) },
    }),
  );

const writeRecords = (tenantId: string, items: number) =>
  documents.send(
    new TransactWriteCommand({
      TransactItems: Array.from({ length: items }, (_value, index) => ({
        Put: {
          TableName: tableNames.tenants,
          Item: { pk: partition(tenantId), sk: `${index}`, itemId: randomUUID(), text: 'x'.repeat(400) },
        },
      })),
    }),
  );
