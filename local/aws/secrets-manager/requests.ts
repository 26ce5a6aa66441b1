import * as z from 'zod';

const SecretId = z.string().min(1).max(2048);
const ClientRequestToken = z.string().min(32).max(64);
const Tags = z
  .array(
    z.strictObject({
      Key: z
        .string()
        .min(1)
        .max(128)
        .regex(/^(?!aws:)/, 'must not begin with aws:'),
      Value: z.string().max(256),
    }),
  )
  .max(50);

const maxSecretBytes = 65_536;
const value = {
  SecretString: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= maxSecretBytes, `must have at most ${maxSecretBytes} bytes`)
    .optional(),
  SecretBinary: z
    .base64()
    .refine((text) => Buffer.byteLength(text, 'base64') <= maxSecretBytes, `must have at most ${maxSecretBytes} bytes`)
    .optional(),
  ClientRequestToken: ClientRequestToken.optional(),
};

/** What each operation takes; a parameter that is not here is refused, not overlooked. */
export const requests = {
  create: z.strictObject({
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/, 'must be 1 to 512 of letters, digits and /_+=.@-'),
    Description: z.string().max(2048).optional(),
    KmsKeyId: z.string().max(2048).optional(),
    Tags: Tags.optional(),
    ...value,
  }),
  read: z.strictObject({
    SecretId,
    VersionId: z.string().optional(),
    VersionStage: z.string().optional(),
  }),
  put: z.strictObject({ SecretId, VersionStages: z.array(z.string().min(1)).min(1).max(20).optional(), ...value }),
  secret: z.strictObject({ SecretId }),
  list: z.strictObject({
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: z.string().optional(),
    SortOrder: z.enum(['asc', 'desc']).default('asc'),
    IncludePlannedDeletion: z.boolean().default(false),
    Filters: z
      .array(z.strictObject({ Key: z.enum(['name', 'tag-key', 'tag-value']), Values: z.array(z.string()).min(1) }))
      .default([]),
  }),
  delete: z
    .strictObject({
      SecretId,
      RecoveryWindowInDays: z.int().min(7).max(30).optional(),
      ForceDeleteWithoutRecovery: z.boolean().optional(),
    })
    .refine(
      (input) => !(input.ForceDeleteWithoutRecovery && input.RecoveryWindowInDays !== undefined),
      'ForceDeleteWithoutRecovery and RecoveryWindowInDays exclude each other',
    ),
  tag: z.strictObject({ SecretId, Tags }),
  untag: z.strictObject({ SecretId, TagKeys: z.array(z.string()) }),
  versions: z.strictObject({
    SecretId,
    IncludeDeprecated: z.boolean().default(false),
    // More than there can be of one secret: there is only one page.
    MaxResults: z.int().min(1).max(100).default(100),
  }),
  rotate: z.strictObject({
    SecretId,
    ClientRequestToken: ClientRequestToken.optional(),
    RotationLambdaARN: z.string().max(2048).optional(),
    RotationRules: z
      .strictObject({
        AutomaticallyAfterDays: z.int().min(1).max(1000).optional(),
        Duration: z
          .string()
          .regex(/^[0-9]{1,2}h$/, 'must be hours, like 3h')
          .optional(),
        ScheduleExpression: z.string().min(1).max(256).optional(),
      })
      .refine(
        (rules) => (rules.AutomaticallyAfterDays === undefined) !== (rules.ScheduleExpression === undefined),
        'must have one of AutomaticallyAfterDays and ScheduleExpression',
      )
      .optional(),
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
    MoveToVersionId: z.string().optional(),
    RemoveFromVersionId: z.string().optional(),
  }),
} as const;

export type Request<K extends keyof typeof requests> = z.infer<(typeof requests)[K]>;
