import * as z from 'zod';
import { tenantSecretsPrefix } from './names.ts';

/** The fields used from a CloudTrail record of one call to Secrets Manager. */
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

/** The fields used from a CloudTrail service event, such as `RotationFailed`. */
export const secretServiceEventSchema = z.object({
  eventID: z.string().min(1),
  eventName: z.string(),
  additionalEventData: z.object({ SecretId: z.string() }),
});

const fromSecretsManager = 'aws.secretsmanager';
/** Detail-types of CloudTrail's events on the bus. */
export const cloudTrailTypes = {
  call: 'AWS API Call via CloudTrail',
  event: 'AWS Service Event via CloudTrail',
} as const;

/** Matches successful calls on tenants' secrets, by name or by ARN. */
export const secretCallPattern = (eventName: readonly string[], arns: { prefix: string }) => ({
  source: [fromSecretsManager],
  'detail-type': [cloudTrailTypes.call],
  detail: {
    eventName: [...eventName],
    errorCode: [{ exists: false }],
    requestParameters: { secretId: [{ prefix: tenantSecretsPrefix }, arns] },
  },
});

/** Matches service events about tenants' secrets. */
export const secretEventPattern = (eventName: readonly string[], arns: { prefix: string }) => ({
  source: [fromSecretsManager],
  'detail-type': [cloudTrailTypes.event],
  detail: { eventName: [...eventName], additionalEventData: { SecretId: [arns] } },
});
