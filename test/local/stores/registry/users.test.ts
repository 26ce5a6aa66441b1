import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Change } from '#core/change.ts';
import { findUser, removeUser } from '#core/user/change-user.ts';
import { bumpUsersVersion, putUser } from '#core/user/user-writes.ts';
import type * as Commit from '#stores/registry/commit.ts';
import type * as TenantUsers from '#stores/registry/users.ts';
import { aCause, aUser, tenantId } from '#test/builders.ts';
import { emptyTables } from '#test/local/stores/tables-fixture.ts';

let tables: AsyncDisposable;
let store: typeof Commit & typeof TenantUsers;
beforeAll(async () => {
  tables = await emptyTables();
  store = { ...(await import('#stores/registry/commit.ts')), ...(await import('#stores/registry/users.ts')) };
});
afterAll(() => tables[Symbol.asyncDispose]());

const commit = (change: Omit<Change, 'cause'>) => store.commit({ ...change, cause: aCause() });

test('of two changes that were decided on the same users, the second is refused and changes nothing', async () => {
  const [ada, bob] = [aUser({ userId: 'ada@acme.example' }), aUser({ userId: 'bob@acme.example' })];
  await commit({
    stream: tenantId,
    writes: [putUser(tenantId, ada), putUser(tenantId, bob), bumpUsersVersion(tenantId, { users: [], version: 0 })],
    audit: [{ action: 'user.invited', target: { type: 'user', id: ada.userId } }],
  });
  const read = await store.readUsers(tenantId);
  const [withoutAda, withoutBob] = [ada, bob].map(({ userId }) => removeUser(tenantId, read, findUser(read, userId)));

  await commit(withoutAda!.change);
  await expect(commit(withoutBob!.change)).rejects.toMatchObject({ code: 'version_conflict' });

  expect((await store.readUsers(tenantId)).users.map(({ userId }) => userId)).toEqual([bob.userId]);
});
