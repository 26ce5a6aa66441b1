import * as z from 'zod';

const SecretId = z.string().min(1).max(2048);
const ClientRequestToken = z.string().min(32).max(64).optional();
const Tags = z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).max(50);

const maxSecretBytes = 65_536;
const SecretString = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= maxSecretBytes, `must have at most ${maxSecretBytes} bytes`);

/** What each operation takes; any other parameter is refused. */
export const requests = {
  create: z.strictObject({
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/, 'must be 1 to 512 of letters, digits and /_+=.@-'),
    Tags: Tags.default([]),
    SecretString,
    ClientRequestToken,
  }),
  read: z.strictObject({ SecretId, VersionId: z.string().optional(), VersionStage: z.string().optional() }),
  put: z.strictObject({
    SecretId,
    VersionStages: z.array(z.string().min(1)).min(1).max(20).optional(),
    SecretString,
    ClientRequestToken,
  }),
  secret: z.strictObject({ SecretId }),
  list: z.strictObject({}),
  delete: z.union([
    z.strictObject({ SecretId, ForceDeleteWithoutRecovery: z.literal(true) }),
    z.strictObject({ SecretId, RecoveryWindowInDays: z.int().min(7).max(30) }),
  ]),
  rotate: z.strictObject({
    SecretId,
    ClientRequestToken,
    RotationLambdaARN: z.string().max(2048).optional(),
    RotationRules: z.strictObject({ AutomaticallyAfterDays: z.int().min(1).max(1000) }).optional(),
    RotateImmediately: z.boolean().default(true),
  }),
  putPolicy: z.strictObject({
    SecretId,
    ResourcePolicy: z.string().min(1).max(20_480),
    BlockPublicPolicy: z.boolean().optional(),
  }),
  moveStage: z.strictObject({
    SecretId,
    VersionStage: z.string().min(1),
    MoveToVersionId: z.string(),
    RemoveFromVersionId: z.string().optional(),
  }),
} as const;

export type Request<K extends keyof typeof requests> = z.infer<(typeof requests)[K]>;
