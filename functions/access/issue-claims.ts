import { claimsOf } from '#core/access/principal.ts';
import { machinePrincipal, membershipFor, platformPrincipal } from '#core/access/sign-in.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { activateUser } from '#core/user/change-user.ts';
import { userIdOf } from '#core/user/user-writes.ts';
import { deps } from '#functions/deps.ts';
import { onSignIn, type SignIn } from '#functions/shell/sign-in.ts';
import { commit } from '#stores/registry/commit.ts';
import { readMemberships } from '#stores/registry/users.ts';

/** The claims of a new token, from the registry: the user's role and, for a tenant's user, the tenant. */
export const issueClaims = async ({ triggerSource, request, callerContext }: SignIn) => {
  if (triggerSource === 'TokenGeneration_ClientCredentials') {
    return claimsOf(machinePrincipal(callerContext.clientId, request.scopes ?? []));
  }
  const userId = userIdOf(verifiedEmail(request.userAttributes));
  const platform = platformPrincipal(userId, request.groupConfiguration.groupsToOverride ?? []);
  if (platform) return claimsOf(platform);
  const { tenant, user } = membershipFor(await readMemberships(userId), request.clientMetadata?.['tenant']);
  const { tenantId } = tenant;
  if (user.status === 'invited') {
    const { change } = activateUser(tenantId, user, deps.now());
    const actor = { type: 'user', id: userId, role: user.role } as const;
    await commit({ ...change, cause: { actor, requestId: callerContext.clientId, source: {} } });
  }
  return claimsOf({ role: user.role, tenantId, userId });
};

/** An unverified address would let its holder sign in as somebody else. */
const verifiedEmail = ({ email, email_verified: verified }: SignIn['request']['userAttributes']): string => {
  if (!email || verified !== 'true') throw new AppError('not_authenticated', 'The e-mail address is not verified.');
  return email;
};

export const handler = onSignIn('issue-claims', issueClaims);
