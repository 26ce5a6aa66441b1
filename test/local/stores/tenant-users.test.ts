import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Change } from '#core/change.ts';
import { findUser, removeUser } from '#core/user/change-user.ts';
import { countChange, putUser } from '#core/user/user-writes.ts';
import { type Endpoint, startEndpoint } from '#local/aws/endpoint.ts';
import { type LocalDynamoDb, openDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { createTables } from '#local/tables.ts';
import type * as Clients from '#stores/clients.ts';
import type * as Commit from '#stores/commit.ts';
import type * as TenantUsers from '#stores/tenant-users.ts';
import { aUser, tenantId } from '#test/builders.ts';

let dynamodb: LocalDynamoDb;
let endpoint: Endpoint;
let clients: typeof Clients;
let store: typeof Commit & typeof TenantUsers;

beforeAll(async () => {
  dynamodb = await openDynamoDb();
  await createTables(dynamodb);
  endpoint = await startEndpoint({ port: 0, services: { dynamodb } });
  // The stores' clients are made when they are imported, and take the endpoint from the environment.
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  clients = await import('#stores/clients.ts');
  store = { ...(await import('#stores/commit.ts')), ...(await import('#stores/tenant-users.ts')) };
});
afterAll(async () => {
  clients.documents.destroy();
  await endpoint.close();
  await dynamodb.close();
});

const commit = (change: Omit<Change, 'cause'>) =>
  store.commit({
    ...change,
    cause: { actor: { type: 'user', id: 'ops@tenantry.example' }, requestId: 'rq_1', source: {} },
  });

test('of two changes that were decided on the same users, the second is refused and changes nothing', async () => {
  const [ada, bob] = [aUser({ userId: 'ada@acme.example' }), aUser({ userId: 'bob@acme.example' })];
  await commit({
    stream: tenantId,
    writes: [putUser(tenantId, ada), putUser(tenantId, bob), countChange(tenantId, { users: [], version: 0 })],
    audit: [{ action: 'user.invited', target: { type: 'user', id: ada.userId } }],
  });
  const read = await store.readUsers(tenantId);
  const [withoutAda, withoutBob] = [ada, bob].map(({ userId }) => removeUser(tenantId, read, findUser(read, userId)));

  await commit(withoutAda!.change);
  await expect(commit(withoutBob!.change)).rejects.toMatchObject({ code: 'version_conflict' });

  expect((await store.readUsers(tenantId)).users.map(({ userId }) => userId)).toEqual([bob.userId]);
});
