import * as z from 'zod';
import { principalOf } from '#local/aws/authorization/identity.ts';
import { localAccount } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import { type AwsService, type CallContext } from '#local/aws/endpoint/service.ts';
import type { Sessions } from './sessions.ts';

const tag = z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) });

/** The SDK writes a list without members as an empty text. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.union([z.literal('').transform(() => []), z.array(item).max(50)]).default([]);

const assumeRole = z.strictObject({
  RoleArn: z.string().min(20).max(2048),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  DurationSeconds: z.coerce.number().int().min(900).max(3_600).default(3_600),
  Tags: listOf(tag),
  TransitiveTagKeys: listOf(z.string()),
});

/** STS, as far as the product and the AWS CLI use it: the caller's identity, and the role of a tenant. */
export const openSts = (sessions: Sessions): AwsService =>
  serviceOf({
    GetCallerIdentity: operation(z.strictObject({}), (_input, context: CallContext) => ({
      Arn: principalOf(context),
      UserId: context.session?.name ?? context.caller ?? localAccount,
      Account: localAccount,
    })),
    AssumeRole: operation(assumeRole, ({ Tags, TransitiveTagKeys: transitive, ...input }) => ({
      Credentials: sessions.assume({
        ...input,
        Tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
        transitive,
      }),
      AssumedRoleUser: { Arn: `${input.RoleArn}/${input.RoleSessionName}`, AssumedRoleId: input.RoleSessionName },
    })),
  });
