import type { Cause, Change } from '#core/change.ts';
import type { Actor } from '#core/contract/events/catalogue.ts';
import type { SecretCall } from '#core/contract/platform/cloudtrail.ts';
import { tenantSecretPrefix } from '#core/contract/platform/names.ts';
import { secretPathOf } from './secret-path.ts';

const people = new Set(['Root', 'IAMUser', 'FederatedUser', 'SAMLUser', 'WebIdentityUser', 'IdentityCenterUser']);

/** People assume the roles of IAM Identity Center, services all others. */
const actorOf = ({ type, arn, invokedBy, accountId }: SecretCall['userIdentity']): Actor => ({
  type: people.has(type) || arn?.includes(':assumed-role/AWSReservedSSO_') ? 'user' : 'service',
  id: arn ?? invokedBy ?? accountId ?? type,
});

const causeOf = ({ eventID, sourceIPAddress, userAgent, userIdentity }: SecretCall): Cause => ({
  actor: actorOf(userIdentity),
  // CloudTrail's id of the call, which finds everything else about it.
  requestId: eventID,
  source: {
    ...(sourceIPAddress !== undefined && { ip: sourceIPAddress }),
    ...(userAgent !== undefined && { userAgent }),
  },
});

/** The audit event of a secret read, in the stream of the secret's tenant; `undefined` for other secrets. */
export const secretRead = (call: SecretCall): Change | undefined => {
  const { secretId, versionId, versionStage } = call.requestParameters;
  const path = secretPathOf(secretId);
  if (!path) return undefined;
  const { tenantId, name } = path;
  return {
    stream: tenantId,
    cause: causeOf(call),
    writes: [],
    audit: [
      {
        action: 'secret.accessed',
        target: { type: 'secret', id: `${tenantSecretPrefix(tenantId)}${name}` },
        after: {
          at: call.eventTime,
          ...(versionId !== undefined && { versionId }),
          ...(versionStage !== undefined && { versionStage }),
        },
      },
    ],
  };
};
