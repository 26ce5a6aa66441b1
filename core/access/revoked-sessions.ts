import { AppError } from '#core/contract/api/errors.ts';
import { tenantTag } from '#core/contract/platform/names.ts';
import { tenantSessionSeconds } from '#core/contract/platform/tenant-scope.ts';

/** Tenant id → when its sessions were revoked, in ISO 8601. */
export type RevokedSessions = Readonly<Record<string, string>>;

/** IAM allows 10,240 characters for all inline policies of a role, a tenant takes 32, and the role has another policy. */
export const mostRevoked = 250;

/** Adds the tenant. Throws `dependency_unavailable` when too many were added within the lifetime of a session. */
export const withRevoked = (revoked: RevokedSessions, tenantId: string, now: string): RevokedSessions => {
  const next = { ...unexpired(revoked, now), [tenantId]: now };
  if (Object.keys(next).length > mostRevoked) {
    throw new AppError(
      'dependency_unavailable',
      `IAM can deny the sessions of ${mostRevoked} tenants, and as many were suspended within the last hour.`,
    );
  }
  return next;
};

/** Removes the tenant. */
export const withoutRevoked = (revoked: RevokedSessions, tenantId: string, now: string): RevokedSessions => {
  const { [tenantId]: _restored, ...others } = unexpired(revoked, now);
  return others;
};

/** Without the tenants whose sessions of that time have all expired. */
const unexpired = (revoked: RevokedSessions, now: string): RevokedSessions =>
  Object.fromEntries(
    Object.entries(revoked).filter(([, since]) => Date.parse(now) - Date.parse(since) < tenantSessionSeconds * 1_000),
  );

/** The policy that denies these tenants' sessions everything; `undefined` for no tenant, which IAM has no policy for. */
export const revokedSessionsPolicy = (revoked: RevokedSessions) => {
  const tenantIds = Object.keys(revoked).toSorted();
  if (tenantIds.length === 0) return undefined;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { [`aws:PrincipalTag/${tenantTag}`]: tenantIds } },
      },
    ],
  };
};
