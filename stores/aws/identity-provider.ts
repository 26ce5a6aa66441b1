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

/** The pool that keeps who may sign in; none where another OpenID Connect issuer does. */
const userPool = () => process.env[environment.userPoolId] || undefined;

/** Makes somebody known who is to sign in, and lets the pool send the invitation; one who is known stays as it is. */
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

/** Somebody of the platform stays: groups are the roles of the platform, and no tenant's to take away. */
const deleteIdentity = async (userId: string): Promise<void> => {
  const UserPoolId = userPool();
  if (!UserPoolId) return;
  const who = { UserPoolId, Username: userId };
  try {
    const { Groups = [] } = await identities.send(new AdminListGroupsForUserCommand(who));
    if (Groups.length === 0) await identities.send(new AdminDeleteUserCommand(who));
  } catch (error) {
    if (!(error instanceof UserNotFoundException)) throw error;
  }
};

/**
 * Brings the pool in step with the registry: who is a user of some tenant may sign in, who is none no more is unknown.
 * Whoever has a role of the platform stays as well. It may be repeated. `without` leaves out a tenant whose users are about to go.
 */
export const alignIdentity = (userId: string, without?: string): Promise<void> =>
  // Who else somebody belongs to is known to the registry alone, not to the tenant that asks.
  outsideTenantScope(async () => {
    const others = (await tenantIdsOf(userId)).filter((tenantId) => tenantId !== without);
    await (others.length > 0 ? createIdentity(userId) : deleteIdentity(userId));
  });
