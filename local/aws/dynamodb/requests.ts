import * as z from 'zod';
import { validationError } from './errors.ts';
import type { Json } from './model.ts';

/** Checks what dynalite does not know the shape of; an unknown field is refused. */
export function shaped<T>(schema: z.ZodType<T>, input: Json): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw validationError(`${errors.length} validation errors detected: ${errors.join('; ')}`);
}

const tableName = z.string().min(3).max(255);
const none = z.literal('NONE').optional();
const request = z.record(z.string(), z.unknown()).optional();
// DynamoDB's greatest number of actions in a transaction.
const MAX_ACTIONS = 100;

export const streamSettings = z.object({
  StreamSpecification: z
    .discriminatedUnion('StreamEnabled', [
      z.strictObject({ StreamEnabled: z.literal(false) }),
      z.strictObject({
        StreamEnabled: z.literal(true),
        StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']),
      }),
    ])
    .optional(),
  DeletionProtectionEnabled: z.boolean().default(false),
});

export const timeToLiveUpdate = z.strictObject({
  TableName: tableName,
  TimeToLiveSpecification: z.strictObject({ Enabled: z.boolean(), AttributeName: z.string().min(1).max(255) }),
});

export const tableNamed = z.strictObject({ TableName: tableName });

/** Capacity that transactions consume is not measured, so that asking for it is refused. */
export const transactionWrite = z.strictObject({
  TransactItems: z
    .array(z.strictObject({ ConditionCheck: request, Put: request, Delete: request, Update: request }))
    .min(1)
    .max(MAX_ACTIONS),
  ClientRequestToken: z.string().min(1).max(36).optional(),
  ReturnConsumedCapacity: none,
  ReturnItemCollectionMetrics: none,
});

export const transactionRead = z.strictObject({
  TransactItems: z
    .array(z.strictObject({ Get: z.record(z.string(), z.unknown()) }))
    .min(1)
    .max(MAX_ACTIONS),
  ReturnConsumedCapacity: none,
});
