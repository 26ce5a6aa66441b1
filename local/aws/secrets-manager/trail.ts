import { randomUUID } from 'node:crypto';
import { cloudTrailTypes } from '#core/contract/platform/cloudtrail.ts';
import { principalOf } from '#local/aws/authorization/identity.ts';
import { localAccount, localRegion, roleArnOf } from '#local/aws/endpoint/names.ts';
import type { CallContext } from '#local/aws/endpoint/service.ts';
import type { Bus } from '#local/aws/eventbridge/bus.ts';
import type { RotationEvent } from './rotations.ts';

const source = 'aws.secretsmanager';

/**
 * CloudTrail reports a call after about five minutes. At once, the audit event of a read would compete with the step
 * that reads for the head of the tenant's audit stream; this is longer than a step takes, and short for a person.
 */
const delayMs = 2000;

/** What CloudTrail writes of every event, at the time of the virtual clock. */
const common = (eventName: string, time: number) => ({
  eventVersion: '1.11',
  eventID: randomUUID(),
  eventTime: new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z'),
  eventSource: 'secretsmanager.amazonaws.com',
  eventName,
  awsRegion: localRegion,
  recipientAccountId: localAccount,
});

const identityOf = (context: CallContext) => ({
  type: context.caller === undefined ? 'Root' : 'AssumedRole',
  arn: principalOf(context),
  accountId: localAccount,
  ...(context.caller !== undefined && {
    sessionContext: { sessionIssuer: { type: 'Role', arn: roleArnOf(context.caller), userName: context.caller } },
  }),
});

/** A value that was read: of which secret, and by whom. */
export interface SecretRead {
  secretName: string;
  requestParameters: { secretId: string; versionId?: string; versionStage?: string };
  context: CallContext;
}

/** Puts reads and rotations on the bus, as CloudTrail does on AWS. */
export const trailTo = (bus: () => Bus, now: () => number) => ({
  read: ({ requestParameters, context }: SecretRead) =>
    bus().put(
      'default',
      source,
      cloudTrailTypes.call,
      {
        ...common('GetSecretValue', now()),
        eventType: 'AwsApiCall',
        readOnly: true,
        managementEvent: true,
        userIdentity: identityOf(context),
        sourceIPAddress: '127.0.0.1',
        userAgent: context.userAgent,
        requestParameters,
        responseElements: null,
      },
      { delayMs },
    ),
  rotation: (eventName: RotationEvent, { arn }: { arn: string }) =>
    bus().put('default', source, cloudTrailTypes.event, {
      ...common(eventName, now()),
      eventType: 'AwsServiceEvent',
      readOnly: false,
      managementEvent: true,
      userIdentity: { accountId: localAccount, invokedBy: 'secretsmanager.amazonaws.com' },
      additionalEventData: { SecretId: arn },
    }),
});
