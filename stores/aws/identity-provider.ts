import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { environment } from '#core/contract/platform/names.ts';
import { tenantIdsOf } from '#stores/registry/users.ts';
import { identities, outsideTenantScope } from './clients.ts';

/** The Cognito user pool; `undefined` if users sign in at another OpenID Connect issuer. */
const userPool = () => process.env[environment.userPoolId] || undefined;

/** Creates the user in the pool, which sends the invitation; an existing user is left as it is. */
export const createIdentity = async (userId: string): Promise<void> => {
  const UserPoolId = userPool();
  if (!UserPoolId) return;
  try {
    await identities.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: userId,
        DesiredDeliveryMediums: ['EMAIL'],
        UserAttributes: [
          { Name: 'email', Value: userId },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof UsernameExistsException)) throw error;
  }
};

/** Users in a group stay: groups are platform roles, which no tenant may revoke. */
const deleteIdentity = async (userId: string): Promise<void> => {
  const UserPoolId = userPool();
  if (!UserPoolId) return;
  const user = { UserPoolId, Username: userId };
  try {
    const { Groups = [] } = await identities.send(new AdminListGroupsForUserCommand(user));
    if (Groups.length === 0) await identities.send(new AdminDeleteUserCommand(user));
  } catch (error) {
    if (!(error instanceof UserNotFoundException)) throw error;
  }
};

/**
 * Aligns the pool with the registry: users of at least one tenant exist, others are deleted unless they have a platform
 * role. May be repeated. `without` ignores a tenant whose users are about to be removed.
 */
export const alignIdentity = (userId: string, without?: string): Promise<void> =>
  // A user's other tenants are beyond the scope of the tenant that calls.
  outsideTenantScope(async () => {
    const others = (await tenantIdsOf(userId)).filter((tenantId) => tenantId !== without);
    await (others.length > 0 ? createIdentity(userId) : deleteIdentity(userId));
  });
