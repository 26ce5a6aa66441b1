import * as z from 'zod';
import { tenantSecretsPrefix } from './names.ts';

/** What CloudTrail tells of one call to Secrets Manager, as far as it is heeded. */
export const secretCallSchema = z.object({
  eventID: z.string().min(1),
  eventTime: z.iso.datetime(),
  sourceIPAddress: z.string().optional(),
  userAgent: z.string().optional(),
  userIdentity: z.object({
    type: z.string(),
    arn: z.string().optional(),
    invokedBy: z.string().optional(),
    accountId: z.string().optional(),
  }),
  requestParameters: z.object({
    secretId: z.string(),
    versionId: z.string().optional(),
    versionStage: z.string().optional(),
  }),
});
export type SecretCall = z.infer<typeof secretCallSchema>;

/** What CloudTrail tells of what Secrets Manager does by itself, such as `RotationFailed`. */
export const secretServiceEventSchema = z.object({
  eventID: z.string().min(1),
  eventName: z.string(),
  additionalEventData: z.object({ SecretId: z.string() }),
});

const fromSecretsManager = 'aws.secretsmanager';
/** How CloudTrail's events are called on the bus. */
export const cloudTrailTypes = {
  call: 'AWS API Call via CloudTrail',
  event: 'AWS Service Event via CloudTrail',
} as const;

/** Calls about tenants' secrets, named or by ARN, that were not refused. */
export const secretCallPattern = (eventName: readonly string[], arns: { prefix: string }) => ({
  source: [fromSecretsManager],
  'detail-type': [cloudTrailTypes.call],
  detail: {
    eventName: [...eventName],
    errorCode: [{ exists: false }],
    requestParameters: { secretId: [{ prefix: tenantSecretsPrefix }, arns] },
  },
});

/** What Secrets Manager does by itself with tenants' secrets. */
export const secretEventPattern = (eventName: readonly string[], arns: { prefix: string }) => ({
  source: [fromSecretsManager],
  'detail-type': [cloudTrailTypes.event],
  detail: { eventName: [...eventName], additionalEventData: { SecretId: [arns] } },
});
