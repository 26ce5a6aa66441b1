import type { Cause, Change } from '#core/change.ts';
import type { Actor } from '#core/contract/events/catalogue.ts';
import type { SecretCall } from '#core/contract/platform/cloudtrail.ts';
import { tenantSecretPrefix } from '#core/contract/platform/names.ts';
import { secretPathOf } from './secret-path.ts';

const people = new Set(['Root', 'IAMUser', 'FederatedUser', 'SAMLUser', 'WebIdentityUser', 'IdentityCenterUser']);

/** Roles that IAM Identity Center makes are taken by people, all others by services. */
const actorOf = ({ type, arn, invokedBy, accountId }: SecretCall['userIdentity']): Actor => ({
  type: people.has(type) || arn?.includes(':assumed-role/AWSReservedSSO_') ? 'user' : 'service',
  id: arn ?? invokedBy ?? accountId ?? type,
});

const causeOf = ({ eventID, sourceIPAddress, userAgent, userIdentity }: SecretCall): Cause => ({
  actor: actorOf(userIdentity),
  // CloudTrail's own name of the call, under which everything else about it can be found there.
  requestId: eventID,
  source: {
    ...(sourceIPAddress !== undefined && { ip: sourceIPAddress }),
    ...(userAgent !== undefined && { userAgent }),
  },
});

/** Who read which secret when, for the stream of the tenant whose it is; `undefined` for other secrets. */
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
