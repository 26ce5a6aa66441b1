import { setTimeout as delay } from 'node:timers/promises';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { authorizeByManifest } from '#local/aws/authorization/access.ts';
import { AwsError, type AwsService } from '#local/aws/endpoint/service.ts';
import { Sessions } from '#local/aws/sts/sessions.ts';
import { openSts } from '#local/aws/sts/sts.ts';
import { functionVariables, pointSdkAt } from '#local/run/environment.ts';
import type * as Clients from '#stores/aws/clients.ts';
import type * as TenantScope from '#stores/aws/tenant-scope.ts';
import { aLocalAws } from '#test/local/aws/endpoint/endpoint-fixture.ts';

interface Read {
  partition: string;
  /** The tenant of the session that the read was signed by. */
  by: string | undefined;
}

let aws: Awaited<ReturnType<typeof aLocalAws>>;
let scope: typeof TenantScope;
let clients: typeof Clients;
let reads: Read[];
let opened: string[];
const sessions = new Sessions();

/** Remembers who reads which partition, and has nothing to give. */
const table: AwsService = {
  call: async (_operation, input, context) => {
    const { pk } = (input as { Key: { pk: { S: string } } }).Key;
    reads.push({ partition: pk.S, by: context?.session?.tenantId });
    return {};
  },
  close: async () => {},
};

beforeAll(async () => {
  const sts = openSts(sessions);
  const counted: AwsService = {
    ...sts,
    call: (operation, input, context) => {
      if (operation === 'AssumeRole') opened.push(JSON.stringify(input));
      return sts.call(operation, input, context);
    },
  };
  aws = await aLocalAws({ sessions, services: { dynamodb: table, sts: counted }, authorize: authorizeByManifest() });
  pointSdkAt(aws.url);
  Object.assign(process.env, functionVariables(aws.url, ''));
  [scope, clients] = await Promise.all([import('#stores/aws/tenant-scope.ts'), import('#stores/aws/clients.ts')]);
});
beforeEach(() => {
  [reads, opened] = [[], []];
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => vi.useRealTimers());
afterAll(() => aws[Symbol.asyncDispose]());

let tenants = 0;
const aTenantId = () => {
  tenants += 1;
  return `tn_01jdaa00000000000000${String(tenants).padStart(6, '0')}`;
};
const read = (tenantId: string) =>
  clients.reader().send(new GetCommand({ TableName: 'tenantry-tenants', Key: { pk: `TENANT#${tenantId}`, sk: 'x' } }));
const minutes = (count: number) => vi.setSystemTime(Date.now() + count * 60_000);
const readAs = (tenantId: string, of = tenantId) => scope.inTenantScope(tenantId, 'request-1', () => read(of));

const readTwice = (tenantId: string, turn: number) =>
  scope.inTenantScope(tenantId, `request-${turn}`, async () => {
    await read(tenantId);
    await delay(turn % 5);
    await read(tenantId);
  });

test('concurrent work for many tenants uses each tenant’s own credentials', async () => {
  const all = Array.from({ length: 20 }, aTenantId);
  await Promise.all(Array.from({ length: 200 }, (_none, turn) => readTwice(all[turn % all.length]!, turn)));
  expect(reads).toHaveLength(400);
  expect(reads.filter(({ partition, by }) => partition !== `TENANT#${by}`)).toEqual([]);
  expect(opened).toHaveLength(all.length);
});

test('the credentials refuse another tenant’s data, whatever the code requests', async () => {
  const [own, other] = [aTenantId(), aTenantId()];
  await expect(readAs(own, other)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(reads).toEqual([]);
});

test('shared data is read with the function’s own role, also within a tenant’s scope', async () => {
  const [own, shared] = [aTenantId(), 'shared'];
  await scope.inTenantScope(own, 'request-1', async () => {
    await clients.outsideTenantScope(() => read(shared));
    await read(own);
  });
  expect(reads).toEqual([
    { partition: `TENANT#${shared}`, by: undefined },
    { partition: `TENANT#${own}`, by: own },
  ]);
});

test('a session is named after its tenant and request, and renewed before it expires', async () => {
  const tenantId = aTenantId();
  await readAs(tenantId);
  minutes(54);
  await readAs(tenantId);
  expect(opened).toHaveLength(1);
  expect(JSON.parse(opened[0]!)).toMatchObject({ RoleSessionName: `${tenantId}@request-1` });
  minutes(2);
  await readAs(tenantId);
  expect(opened).toHaveLength(2);
  minutes(59);
  await readAs(tenantId);
  expect(reads.map(({ by }) => by)).toEqual([tenantId, tenantId, tenantId, tenantId]);
});

test('a session that could not be opened is not cached', async () => {
  const tenantId = aTenantId();
  const refused = vi.spyOn(sessions, 'assume').mockImplementationOnce(() => {
    throw new AwsError('AccessDenied', 'not now', 403);
  });
  await expect(readAs(tenantId)).rejects.toMatchObject({ name: 'AccessDenied' });
  refused.mockRestore();
  await readAs(tenantId);
  expect(reads).toEqual([{ partition: `TENANT#${tenantId}`, by: tenantId }]);
});
