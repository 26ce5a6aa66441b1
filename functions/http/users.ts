import { changeUser, findUser, removeUser } from '#core/user/change-user.ts';
import { inviteUser } from '#core/user/invite-user.ts';
import { deps } from '#functions/deps.ts';
import { http } from '#functions/shell/http.ts';
import { alignIdentity } from '#stores/aws/identity-provider.ts';
import { commit } from '#stores/registry/commit.ts';
import { listUsers, readUsers } from '#stores/registry/users.ts';
import { entityTag, versionMatching } from './preconditions.ts';
import { reachableTenant } from './reachable-tenant.ts';

export const handler = http('users-api', {
  listUsers: async (call) => {
    const { tenantId } = await reachableTenant(call);
    return { body: await listUsers(tenantId, call.query.limit, call.query.cursor) };
  },

  inviteUser: async (call) => {
    const tenant = await reachableTenant(call);
    const { user, change } = inviteUser(tenant, await readUsers(tenant.tenantId), call.body, deps.now());
    if (change) await commit({ ...change, cause: call.cause });
    // Also on a repeat: the first attempt may have ended before the identity was created.
    await alignIdentity(user.userId);
    const location = `/v1/tenants/${tenant.tenantId}/users/${encodeURIComponent(user.userId)}`;
    return { body: user, headers: { location } };
  },

  updateUser: async (call) => {
    const { tenantId } = await reachableTenant(call);
    const read = await readUsers(tenantId);
    const known = versionMatching(call.headers, findUser(read, call.params['user'] ?? ''));
    const { user, change } = changeUser(tenantId, read, known, call.body, deps.now());
    await commit({ ...change, cause: call.cause });
    return { body: user, headers: { etag: entityTag(user) } };
  },

  removeUser: async (call) => {
    const { tenantId } = await reachableTenant(call);
    const read = await readUsers(tenantId);
    const { user, change } = removeUser(tenantId, read, findUser(read, call.params['user'] ?? ''));
    await commit({ ...change, cause: call.cause });
    await alignIdentity(user.userId);
    return { body: user };
  },
});
