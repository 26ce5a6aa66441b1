import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { localUserPool } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import { AwsError, type AwsService } from '#local/aws/endpoint/service.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { Outbox } from '#local/outbox.ts';
import type { State } from '#local/state.ts';

const UserPoolId = z.literal(localUserPool);
const Username = z.string().min(1).max(128);
const attribute = z.strictObject({ Name: z.string(), Value: z.string() });
const userInput = z.strictObject({ UserPoolId, Username });
const groupInput = z.strictObject({ UserPoolId, Username, GroupName: z.string().min(1).max(128) });
const createInput = z.strictObject({
  UserPoolId,
  Username,
  UserAttributes: z.array(attribute).default([]),
  DesiredDeliveryMediums: z.array(z.literal('EMAIL')).default([]),
});

interface Identity {
  username: string;
  sub: string;
  attributes: { Name: string; Value: string }[];
  createdAt: number;
  /** Roles of the platform. */
  groups: readonly string[];
}

export interface UserPool extends AwsService {
  /** The users that may sign in, by their names in the pool. */
  usernames(): Promise<string[]>;
}

/** A Cognito user pool, as far as the product manages its users. Tokens are issued by `/_local/token`. */
export const openUserPool = (state: State, clock: VirtualClock, outbox: Outbox): UserPool => {
  const identities = state.section<Identity>('identities');

  const describe = ({ username, sub, attributes, createdAt }: Identity) => ({
    Username: username,
    UserStatus: 'FORCE_CHANGE_PASSWORD',
    Enabled: true,
    Attributes: [{ Name: 'sub', Value: sub }, ...attributes],
    UserCreateDate: createdAt / 1000,
    UserLastModifiedDate: createdAt / 1000,
  });
  const found = (name: string): Identity => {
    const identity = identities.get(name.toLowerCase());
    if (!identity) throw new AwsError('UserNotFoundException', 'User does not exist.');
    return identity;
  };

  return {
    ...serviceOf({
      AdminCreateUser: operation(
        createInput,
        async ({ Username: username, UserAttributes, DesiredDeliveryMediums }) => {
          if (identities.get(username.toLowerCase())) {
            throw new AwsError('UsernameExistsException', 'User account already exists');
          }
          const made = { sub: randomUUID(), createdAt: clock.now() };
          const identity: Identity = { username, attributes: UserAttributes, groups: [], ...made };
          await identities.put(username.toLowerCase(), identity);
          if (DesiredDeliveryMediums.includes('EMAIL')) {
            outbox.send({ to: username, subject: 'You are invited to Tenantry', text: `Sign in as ${username}.` });
          }
          return { User: describe(identity) };
        },
      ),
      AdminGetUser: operation(userInput, ({ Username: username }) => {
        const { Attributes, ...user } = describe(found(username));
        return { ...user, UserAttributes: Attributes };
      }),
      AdminAddUserToGroup: operation(groupInput, async ({ Username: username, GroupName }) => {
        const identity = found(username);
        const groups = [...new Set([...identity.groups, GroupName])];
        await identities.put(identity.username.toLowerCase(), { ...identity, groups });
        return {};
      }),
      AdminListGroupsForUser: operation(userInput, ({ Username: username }) => ({
        Groups: found(username).groups.map((GroupName) => ({ GroupName })),
      })),
      AdminDeleteUser: operation(userInput, async ({ Username: username }) => {
        await identities.delete(found(username).username.toLowerCase());
        return {};
      }),
    }),
    usernames: async () => {
      const names: string[] = [];
      for await (const [, { username }] of identities.entries()) names.push(username);
      return names;
    },
  };
};
