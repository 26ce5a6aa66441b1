import { randomBytes, randomInt } from 'node:crypto';
import { tenantIdSchema } from '#core/contract/model/tenant.ts';
import { tenantRoleName, tenantTag } from '#core/contract/platform/names.ts';
import { lastPartOf, localAccount, roleArnOf } from '#local/aws/endpoint/names.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import { now } from '#stores/aws/clock.ts';

/** A role that was assumed for one tenant. */
export interface Session {
  role: string;
  name: string;
  tenantId: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface AssumeRole {
  RoleArn: string;
  RoleSessionName: string;
  DurationSeconds: number;
  Tags: Readonly<Record<string, string>>;
  transitive: readonly string[];
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const newKeyId = () => `ASIA${Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join('')}`;
const denied = (message: string) => new AwsError('AccessDenied', message, 403);

/** The sessions of assumed roles, in memory: after a restart roles are assumed anew. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Assumes the tenants' role, under the conditions of its trust policy: one tag, `tenant`, that names a tenant. */
  assume({ RoleArn, RoleSessionName, DurationSeconds, Tags, transitive }: AssumeRole) {
    const tenantId = Tags[tenantTag];
    if (RoleArn !== roleArnOf(tenantRoleName)) throw denied(`There is no role ${RoleArn} to assume.`);
    if (!tenantIdSchema.safeParse(tenantId).success || Object.keys(Tags).length !== 1 || transitive.length > 0) {
      throw denied(`${tenantRoleName} is assumed with one session tag, "${tenantTag}": a tenant's id, not transitive.`);
    }
    const session: Session = {
      role: lastPartOf(RoleArn),
      name: RoleSessionName,
      tenantId: tenantId ?? '',
      expiresAt: now() + DurationSeconds * 1000,
    };
    const AccessKeyId = newKeyId();
    this.#sessions.set(AccessKeyId, session);
    return {
      AccessKeyId,
      SecretAccessKey: randomBytes(30).toString('base64'),
      SessionToken: randomBytes(48).toString('base64'),
      Expiration: new Date(session.expiresAt).toISOString(),
    };
  }

  /** The session behind an access key; none for a key of another kind. Throws for one that is unknown or has expired. */
  of(accessKeyId: string | undefined): Session | undefined {
    if (!accessKeyId?.startsWith('ASIA')) return undefined;
    const session = this.#sessions.get(accessKeyId);
    if (!session) throw new AwsError('UnrecognizedClientException', 'The security token of the request is invalid.');
    if (session.expiresAt <= now()) {
      throw new AwsError('ExpiredTokenException', 'The security token of the request has expired.');
    }
    return session;
  }
}

/** The ARN that a session goes by. */
export const sessionArn = ({ role, name }: Session) => `arn:aws:sts::${localAccount}:assumed-role/${role}/${name}`;
