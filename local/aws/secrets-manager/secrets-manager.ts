import { randomUUID } from 'node:crypto';
import { tenantTag } from '#core/contract/platform/names.ts';
import type { Principal } from '#local/aws/authorization/policy.ts';
import { roleArnOf } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import type { AwsService, CallContext } from '#local/aws/endpoint/service.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { State } from '#local/state.ts';
import { describePolicy, describeSecret, describeValue, describeVersions, listPage, seconds } from './describe.ts';
import { assertPolicy, deniedBy } from './policy.ts';
import { type Request, requests } from './requests.ts';
import { type RotationOptions, Rotations } from './rotations.ts';
import {
  addVersion,
  current,
  findValue,
  findVersion,
  moveStage,
  refuse,
  removeStage,
  type Secret,
  type Version,
} from './secret.ts';
import { newArn, StoredSecrets } from './stored-secrets.ts';
import type { SecretRead } from './trail.ts';

const dayMs = 86_400_000;
/** The window that AWS takes when none is asked for. */
const recoveryDays = 30;

export interface SecretsManagerOptions {
  state: State;
  clock: VirtualClock;
  /** Is told of every value before it is given out. */
  onRead?: (read: SecretRead) => Promise<void>;
  /** Without it no function may be called to rotate. */
  rotation?: RotationOptions;
}

export interface SecretsManager extends AwsService {
  /** Names of the secrets that are in use: not of those to be deleted. */
  names(): Promise<string[]>;
  /** Rotates by the rules of an earlier run: to be called once the functions can do their work. */
  resume(): Promise<void>;
}

const noRotation: RotationOptions = {
  rotators: new Set(),
  invoke: () => Promise.reject(new Error('Nothing rotates here.')),
  onRotation: () => Promise.resolve(),
  report: () => undefined,
};

const getSecretValue = 'GetSecretValue';

/** Whom a policy judges: an assumed role or a function's. A person of this machine could read the files as well. */
const judgedReader = ({ caller, session }: CallContext): Principal | undefined => {
  if (session) return { arn: roleArnOf(session.role), tags: { [tenantTag]: session.tenantId } };
  return caller === undefined ? undefined : { arn: roleArnOf(caller), tags: {} };
};

const assertMayRead = (secret: Secret, context: CallContext) => {
  const reader = judgedReader(context);
  const denial = reader && deniedBy(secret.policy, reader, `secretsmanager:${getSecretValue}`, secret.arn);
  if (denial) throw denial;
};

const tagged = (tags: Request<'tag'>['Tags'] = []) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** Secrets Manager on this machine: names, versions, stages, recovery windows, tags, policies and rotation as on AWS. */
export const openSecretsManager = ({
  state,
  clock,
  onRead,
  rotation = noRotation,
}: SecretsManagerOptions): SecretsManager => {
  const stored = new StoredSecrets(state, clock);
  const rotations = new Rotations(stored, clock, rotation);

  const versionOf = (input: Request<'put'> | Request<'create'>, stages: readonly string[]): Version | undefined => {
    const { SecretString, SecretBinary } = input;
    if (SecretString !== undefined && SecretBinary !== undefined)
      throw refuse('InvalidParameter', "You can't specify both a binary and a string secret value.");
    if (SecretString === undefined && SecretBinary === undefined) return undefined;
    return {
      id: input.ClientRequestToken ?? randomUUID(),
      stages,
      createdAt: clock.now(),
      ...(SecretString === undefined ? {} : { text: SecretString }),
      ...(SecretBinary === undefined ? {} : { binary: SecretBinary }),
    };
  };

  const keep = async (secret: Secret) => {
    await stored.keep(secret);
    return { ARN: secret.arn, Name: secret.name };
  };
  const change = (secret: Secret, part: Partial<Secret>) => keep({ ...secret, ...part, changedAt: clock.now() });

  const create = async (input: Request<'create'>) => {
    const version = versionOf(input, [current]);
    const there = stored.find(input.Name);
    if (there?.deletionAt !== undefined)
      throw refuse(
        'InvalidRequest',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    if (there && !(version && there.versions.some(({ id }) => id === version.id)))
      throw refuse('ResourceExists', `The operation failed because the secret ${input.Name} already exists.`);
    const bare: Secret = there ?? {
      name: input.Name,
      arn: newArn(input.Name),
      tags: tagged(input.Tags),
      createdAt: clock.now(),
      changedAt: clock.now(),
      versions: [],
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
    };
    return { ...(await keep(version ? addVersion(bare, version) : bare)), VersionId: version?.id };
  };

  const put = async (input: Request<'put'>) => {
    const version = versionOf(input, input.VersionStages ?? [current]);
    if (!version) throw refuse('InvalidParameter', 'You must provide either SecretString or SecretBinary.');
    const secret = addVersion(stored.inUse(input.SecretId), version);
    const VersionStages = secret.versions.find(({ id }) => id === version.id)?.stages;
    return { ...(await keep(secret)), VersionId: version.id, VersionStages };
  };

  const read = async ({ SecretId, VersionId, VersionStage }: Request<'read'>, context: CallContext) => {
    const secret = stored.inUse(SecretId);
    assertMayRead(secret, context);
    const version = findValue(secret, VersionId, VersionStage);
    const requestParameters = {
      secretId: SecretId,
      ...(VersionId !== undefined && { versionId: VersionId }),
      ...(VersionStage !== undefined && { versionStage: VersionStage }),
    };
    await onRead?.({ secretName: secret.name, requestParameters, context });
    return describeValue(secret, version);
  };

  const putPolicy = ({ SecretId, ResourcePolicy }: Request<'putPolicy'>) => {
    assertPolicy(ResourcePolicy);
    return keep({ ...stored.inUse(SecretId), policy: ResourcePolicy });
  };
  const deletePolicy = ({ policy: _policy, ...secret }: Secret) => keep(secret);

  const remove = async (input: Request<'delete'>) => {
    const now = clock.now();
    if (input.ForceDeleteWithoutRecovery) {
      const secret = stored.find(input.SecretId);
      if (secret) await stored.remove(secret);
      return { ARN: secret?.arn, Name: secret?.name ?? input.SecretId, DeletionDate: seconds(now) };
    }
    const deletionAt = now + (input.RecoveryWindowInDays ?? recoveryDays) * dayMs;
    return { ...(await change(stored.inUse(input.SecretId), { deletionAt })), DeletionDate: seconds(deletionAt) };
  };

  const restore = ({ SecretId }: Request<'secret'>) => {
    const { deletionAt: _planned, ...secret } = stored.get(SecretId);
    return keep({ ...secret, changedAt: clock.now() });
  };

  const moveVersionStage = ({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }: Request<'moveStage'>) => {
    const secret = stored.inUse(SecretId);
    const holder = secret.versions.find(({ stages }) => stages.includes(VersionStage));
    if (holder && holder.id !== MoveToVersionId && holder.id !== RemoveFromVersionId)
      throw refuse(
        'InvalidParameter',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${VersionStage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    if (MoveToVersionId === undefined) return change(secret, { versions: removeStage(secret.versions, VersionStage) });
    findVersion(secret, MoveToVersionId, undefined);
    return change(secret, { versions: moveStage(secret.versions, VersionStage, MoveToVersionId) });
  };

  const setTags = async (id: string, tags: Record<string, string>) => {
    await change(stored.inUse(id), { tags });
    return {};
  };
  const untagged = (id: string, keys: readonly string[]) =>
    Object.fromEntries(Object.entries(stored.inUse(id).tags).filter(([key]) => !keys.includes(key)));

  return {
    ...serviceOf({
      CreateSecret: operation(requests.create, create),
      PutSecretValue: operation(requests.put, put),
      [getSecretValue]: operation(requests.read, read),
      DescribeSecret: operation(requests.secret, ({ SecretId }) => describeSecret(stored.get(SecretId))),
      ListSecrets: operation(requests.list, async (input) =>
        listPage(await stored.list({ withDeleted: input.IncludePlannedDeletion }), input),
      ),
      DeleteSecret: operation(requests.delete, remove),
      RestoreSecret: operation(requests.secret, restore),
      ListSecretVersionIds: operation(requests.versions, ({ SecretId, IncludeDeprecated }) =>
        describeVersions(stored.get(SecretId), IncludeDeprecated),
      ),
      RotateSecret: operation(requests.rotate, (input) => rotations.rotate(input)),
      CancelRotateSecret: operation(requests.secret, ({ SecretId }) => rotations.cancel(SecretId)),
      PutResourcePolicy: operation(requests.putPolicy, putPolicy),
      GetResourcePolicy: operation(requests.secret, ({ SecretId }) => describePolicy(stored.inUse(SecretId))),
      DeleteResourcePolicy: operation(requests.secret, ({ SecretId }) => deletePolicy(stored.inUse(SecretId))),
      UpdateSecretVersionStage: operation(requests.moveStage, moveVersionStage),
      TagResource: operation(requests.tag, ({ SecretId, Tags }) =>
        setTags(SecretId, { ...stored.inUse(SecretId).tags, ...tagged(Tags) }),
      ),
      UntagResource: operation(requests.untag, ({ SecretId, TagKeys }) =>
        setTags(SecretId, untagged(SecretId, TagKeys)),
      ),
    }),
    close: async () => rotations.close(),
    resume: () => rotations.resume(),
    names: async () => (await stored.list({ withDeleted: false })).map(({ name }) => name),
  };
};
