import { assertActive, requestRotation } from '#core/secrets/rotate-secret.ts';
import { deps } from '#functions/deps.ts';
import { http } from '#functions/shell/http.ts';
import { commit } from '#stores/registry/commit.ts';
import { readSecretRecord } from '#stores/registry/tenants.ts';
import { describeTenantSecret, pendingVersion, rotateNow } from '#stores/secrets/rotation.ts';
import { reachableTenant } from './reachable-tenant.ts';

export const handler = http('secrets-api', {
  listSecrets: async (call) => {
    const { tenantId } = await reachableTenant(call);
    const secret = await describeTenantSecret(tenantId);
    return { body: { items: secret ? [secret] : [] } };
  },

  rotateSecrets: async (call) => {
    const tenant = await reachableTenant(call);
    assertActive(tenant);
    const { tenantId } = tenant;
    const [pending, record] = await Promise.all([pendingVersion(tenantId), readSecretRecord(tenantId)]);
    const versionId = pending ?? deps.newRotationToken();
    await commit(requestRotation(tenantId, record, versionId, call.cause));
    await rotateNow(tenantId, versionId);
    return { body: { name: 'database', versionId }, headers: { location: `/v1/tenants/${tenantId}/secrets` } };
  },
});
