import type { Reach, Role } from '#core/contract/roles.ts';
import type { OperationId } from '#core/contract/routes.ts';

/** Who may do what, as the documentation promises it. Whoever is not named is refused. */
export const promised: Record<OperationId, Partial<Record<Role, Reach>> | 'public'> = {
  createTenant: { 'platform-admin': 'any', sales: 'any' },
  listTenants: { 'platform-admin': 'any', 'platform-auditor': 'any', sales: 'onboarded' },
  getTenant: {
    'platform-admin': 'any',
    'platform-auditor': 'any',
    sales: 'onboarded',
    'tenant-admin': 'own',
    'tenant-member': 'own',
  },
  updateTenant: { 'platform-admin': 'any' },
  retryTenant: { 'platform-admin': 'any', sales: 'onboarded' },
  listOperations: { 'platform-admin': 'any', 'platform-auditor': 'any', sales: 'onboarded', 'tenant-admin': 'own' },
  getOperation: { 'platform-admin': 'any', 'platform-auditor': 'any', sales: 'onboarded', 'tenant-admin': 'own' },
  listTenantAudit: { 'platform-admin': 'any', 'platform-auditor': 'any', 'tenant-admin': 'own' },
  verifyTenantAudit: { 'platform-admin': 'any', 'platform-auditor': 'any', 'tenant-admin': 'own' },
  exportTenantAudit: { 'platform-admin': 'any', 'platform-auditor': 'any', 'tenant-admin': 'own' },
  listSystemAudit: { 'platform-admin': 'any', 'platform-auditor': 'any' },
  listSecrets: { 'platform-admin': 'any', 'platform-auditor': 'any', 'tenant-admin': 'own' },
  rotateSecrets: { 'platform-admin': 'any', 'tenant-admin': 'own' },
  listUsers: { 'platform-admin': 'any', 'platform-auditor': 'any', 'tenant-admin': 'own' },
  inviteUser: { 'platform-admin': 'any', 'tenant-admin': 'own' },
  updateUser: { 'platform-admin': 'any', 'tenant-admin': 'own' },
  removeUser: { 'platform-admin': 'any', 'tenant-admin': 'own' },
  listShards: { 'platform-admin': 'any', 'platform-auditor': 'any' },
  createShard: { 'platform-admin': 'any' },
  updateShard: { 'platform-admin': 'any' },
  getFleet: { 'platform-admin': 'any', 'platform-auditor': 'any' },
  getMe: {
    'platform-admin': 'any',
    'platform-auditor': 'any',
    sales: 'any',
    'tenant-admin': 'own',
    'tenant-member': 'own',
  },
  getOpenApi: 'public',
  getHealth: 'public',
};
