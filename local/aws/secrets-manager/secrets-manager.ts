import { randomUUID } from 'node:crypto';
import { tenantTag } from '#core/contract/platform/names.ts';
import type { Principal } from '#local/aws/authorization/policy.ts';
import { roleArnOf } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import type { AwsService, CallContext } from '#local/aws/endpoint/service.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { State } from '#local/state.ts';
import { assertPolicy, deniedBy } from './policy.ts';
import { type Request, requests } from './requests.ts';
import { type RotationOptions, Rotations } from './rotations.ts';
import { addVersion, current, findVersion, moveStage, refuse, type Secret, type Version } from './secret.ts';
import { newArn, StoredSecrets } from './stored-secrets.ts';
import type { SecretRead } from './trail.ts';

export interface SecretsManagerOptions {
  state: State;
  clock: VirtualClock;
  /** Called for every value before it is returned. */
  onRead?: (read: SecretRead) => Promise<void>;
  /** Without it no function may be called to rotate. */
  rotation?: RotationOptions;
}

export interface SecretsManager extends AwsService {
  names(): Promise<string[]>;
  /** Goes on with the rotations of an earlier run: to be called once the functions can do their work. */
  resume(): Promise<void>;
}

const noRotation: RotationOptions = {
  rotators: new Set(),
  invoke: () => Promise.reject(new Error('Nothing rotates here.')),
  onRotation: () => Promise.resolve(),
  report: () => undefined,
};

/** The caller to whom a policy applies: an assumed role or a function's. A person could read the files as well. */
const principalOf = ({ caller, session }: CallContext): Principal | undefined => {
  if (session) return { arn: roleArnOf(session.role), tags: { [tenantTag]: session.tenantId } };
  return caller === undefined ? undefined : { arn: roleArnOf(caller), tags: {} };
};

const assertMayRead = (secret: Secret, context: CallContext) => {
  const principal = principalOf(context);
  const denial = principal && deniedBy(secret.policy, principal, 'secretsmanager:GetSecretValue', secret.arn);
  if (denial) throw denial;
};

/** Times go over the wire as seconds since 1970. */
const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);

const describe = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  CreatedDate: seconds(secret.createdAt),
  LastChangedDate: seconds(secret.changedAt),
  RotationEnabled: secret.rotation && true,
  RotationLambdaARN: secret.rotation?.functionArn,
  RotationRules: secret.rotation && { AutomaticallyAfterDays: secret.rotation.days },
  LastRotatedDate: seconds(secret.lastRotatedAt),
  NextRotationDate: seconds(secret.nextRotationAt),
  Tags: secret.tags,
  VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
});

const describeVersion = ({ id, stages, createdAt }: Version) => ({
  VersionId: id,
  VersionStages: stages,
  CreatedDate: seconds(createdAt),
});

/** Secrets Manager on this machine: names, versions, stages, resource policies and rotation as on AWS. */
export const openSecretsManager = (options: SecretsManagerOptions): SecretsManager => {
  const { state, clock, onRead, rotation = noRotation } = options;
  const stored = new StoredSecrets(state);
  const rotations = new Rotations(stored, clock, rotation);

  const versionOf = (input: Request<'put'> | Request<'create'>, stages: readonly string[]): Version => ({
    id: input.ClientRequestToken ?? randomUUID(),
    stages,
    createdAt: clock.now(),
    text: input.SecretString,
  });

  const create = async (input: Request<'create'>) => {
    const { Name: name, Tags: tags } = input;
    const version = versionOf(input, [current]);
    const there = stored.find(name);
    if (there?.deletedAt !== undefined)
      throw refuse('InvalidRequest', 'A secret with this name is already scheduled for deletion.');
    if (there && !there.versions.some(({ id }) => id === version.id))
      throw refuse('ResourceExists', `The operation failed because the secret ${name} already exists.`);
    const times = { createdAt: clock.now(), changedAt: clock.now() };
    const secret: Secret = there ?? { name, arn: newArn(name), tags, ...times, versions: [] };
    return { ...(await stored.save(addVersion(secret, version))), VersionId: version.id };
  };

  const put = async (input: Request<'put'>) => {
    const version = versionOf(input, input.VersionStages ?? [current]);
    const secret = addVersion(stored.get(input.SecretId), version);
    const { VersionId, VersionStages } = describeVersion(findVersion(secret, version.id, undefined));
    return { ...(await stored.save(secret)), VersionId, VersionStages };
  };

  const read = async (input: Request<'read'>, context: CallContext) => {
    const { SecretId: secretId, VersionId: versionId, VersionStage: versionStage } = input;
    const secret = stored.get(secretId);
    assertMayRead(secret, context);
    const version = findVersion(secret, versionId, versionStage);
    if (version.text === undefined)
      throw refuse('ResourceNotFound', `Secrets Manager can't find a value for VersionId: ${version.id}`);
    const requestParameters = { secretId, ...(versionId && { versionId }), ...(versionStage && { versionStage }) };
    await onRead?.({ secretName: secret.name, requestParameters, context });
    return { ARN: secret.arn, Name: secret.name, ...describeVersion(version), SecretString: version.text };
  };

  const remove = async ({ SecretId, ...how }: Request<'delete'>) => {
    const secret = stored.find(SecretId);
    if (secret && 'RecoveryWindowInDays' in how) await stored.save({ ...secret, deletedAt: clock.now() });
    else if (secret) await stored.remove(secret);
    return { ARN: secret?.arn, Name: secret?.name ?? SecretId, DeletionDate: seconds(clock.now()) };
  };

  const putPolicy = ({ SecretId, ResourcePolicy }: Request<'putPolicy'>) => {
    assertPolicy(ResourcePolicy);
    return stored.save({ ...stored.get(SecretId), policy: ResourcePolicy });
  };
  const deletePolicy = ({ policy: _policy, ...secret }: Secret) => stored.save(secret);

  const moveVersionStage = ({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }: Request<'moveStage'>) => {
    const secret = stored.get(SecretId);
    const holder = secret.versions.find(({ stages }) => stages.includes(VersionStage));
    if (holder && holder.id !== MoveToVersionId && holder.id !== RemoveFromVersionId)
      throw refuse(
        'InvalidParameter',
        `The parameter RemoveFromVersionId can't be empty. Staging label ${VersionStage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    findVersion(secret, MoveToVersionId, undefined);
    const versions = moveStage(secret.versions, VersionStage, MoveToVersionId);
    return stored.save({ ...secret, versions, changedAt: clock.now() });
  };

  return {
    ...serviceOf({
      CreateSecret: operation(requests.create, create),
      PutSecretValue: operation(requests.put, put),
      GetSecretValue: operation(requests.read, read),
      DescribeSecret: operation(requests.secret, ({ SecretId }) => describe(stored.get(SecretId))),
      ListSecrets: operation(requests.list, async () => ({ SecretList: (await stored.list()).map(describe) })),
      DeleteSecret: operation(requests.delete, remove),
      ListSecretVersionIds: operation(requests.secret, ({ SecretId }) => {
        const { arn, name, versions } = stored.get(SecretId);
        return { ARN: arn, Name: name, Versions: versions.map(describeVersion) };
      }),
      RotateSecret: operation(requests.rotate, (input) => rotations.rotate(input)),
      PutResourcePolicy: operation(requests.putPolicy, putPolicy),
      GetResourcePolicy: operation(requests.secret, ({ SecretId }) => {
        const { arn, name, policy } = stored.get(SecretId);
        return { ARN: arn, Name: name, ResourcePolicy: policy };
      }),
      DeleteResourcePolicy: operation(requests.secret, ({ SecretId }) => deletePolicy(stored.get(SecretId))),
      UpdateSecretVersionStage: operation(requests.moveStage, moveVersionStage),
    }),
    close: async () => rotations.close(),
    resume: () => rotations.resume(),
    names: async () => (await stored.list()).map(({ name }) => name),
  };
};
