import { randomUUID } from 'node:crypto';
import { operation, serviceOf } from '#local/aws/operations.ts';
import type { AwsService } from '#local/aws/service.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { State } from '#local/state.ts';
import { describeSecret, describeValue, listPage, seconds } from './describe.ts';
import { type Request, requests } from './requests.ts';
import {
  addVersion,
  current,
  findVersion,
  moveStage,
  refuse,
  removeStage,
  type Secret,
  type Version,
} from './secret.ts';
import { newArn, Shelf } from './shelf.ts';

const dayMs = 86_400_000;
/** The window that AWS takes when none is asked for. */
const recoveryDays = 30;

export interface SecretRead {
  secretName: string;
  caller?: string | undefined;
}

export interface VaultOptions {
  state: State;
  clock: VirtualClock;
  /** Is told of every value given out. */
  onRead?: (read: SecretRead) => void;
}

export interface Vault extends AwsService {
  /** Names of the secrets that are in use: not of those to be deleted. */
  names(): Promise<string[]>;
}

const tagged = (tags: Request<'tag'>['Tags'] = []) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** Secrets Manager on this machine: names, versions, stages, recovery windows and tags as on AWS; no rotation. */
export const openVault = ({ state, clock, onRead }: VaultOptions): Vault => {
  const shelf = new Shelf(state, clock);

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
    await shelf.keep(secret);
    return { ARN: secret.arn, Name: secret.name };
  };
  const change = (secret: Secret, part: Partial<Secret>) => keep({ ...secret, ...part, changedAt: clock.now() });

  const create = async (input: Request<'create'>) => {
    const version = versionOf(input, [current]);
    const there = shelf.find(input.Name);
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
    const secret = addVersion(shelf.inUse(input.SecretId), version);
    const VersionStages = secret.versions.find(({ id }) => id === version.id)?.stages;
    return { ...(await keep(secret)), VersionId: version.id, VersionStages };
  };

  const read = async ({ SecretId, VersionId, VersionStage }: Request<'read'>, caller: string | undefined) => {
    const secret = shelf.inUse(SecretId);
    const version = findVersion(secret, VersionId, VersionStage);
    onRead?.({ secretName: secret.name, caller });
    return describeValue(secret, version);
  };

  const remove = async (input: Request<'delete'>) => {
    const now = clock.now();
    if (input.ForceDeleteWithoutRecovery) {
      const secret = shelf.find(input.SecretId);
      if (secret) await shelf.remove(secret);
      return { ARN: secret?.arn, Name: secret?.name ?? input.SecretId, DeletionDate: seconds(now) };
    }
    const deletionAt = now + (input.RecoveryWindowInDays ?? recoveryDays) * dayMs;
    return { ...(await change(shelf.inUse(input.SecretId), { deletionAt })), DeletionDate: seconds(deletionAt) };
  };

  const restore = ({ SecretId }: Request<'secret'>) => {
    const { deletionAt: _planned, ...secret } = shelf.get(SecretId);
    return keep({ ...secret, changedAt: clock.now() });
  };

  const moveVersionStage = ({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }: Request<'moveStage'>) => {
    const secret = shelf.inUse(SecretId);
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
    await change(shelf.inUse(id), { tags });
    return {};
  };
  const untagged = (id: string, keys: readonly string[]) =>
    Object.fromEntries(Object.entries(shelf.inUse(id).tags).filter(([key]) => !keys.includes(key)));

  return {
    ...serviceOf({
      CreateSecret: operation(requests.create, create),
      PutSecretValue: operation(requests.put, put),
      GetSecretValue: operation(requests.read, (input, { caller }) => read(input, caller)),
      DescribeSecret: operation(requests.secret, ({ SecretId }) => describeSecret(shelf.get(SecretId))),
      ListSecrets: operation(requests.list, async (input) =>
        listPage(await shelf.list({ withDeleted: input.IncludePlannedDeletion }), input),
      ),
      DeleteSecret: operation(requests.delete, remove),
      RestoreSecret: operation(requests.secret, restore),
      UpdateSecretVersionStage: operation(requests.moveStage, moveVersionStage),
      TagResource: operation(requests.tag, ({ SecretId, Tags }) =>
        setTags(SecretId, { ...shelf.inUse(SecretId).tags, ...tagged(Tags) }),
      ),
      UntagResource: operation(requests.untag, ({ SecretId, TagKeys }) =>
        setTags(SecretId, untagged(SecretId, TagKeys)),
      ),
    }),
    names: async () => (await shelf.list({ withDeleted: false })).map(({ name }) => name),
  };
};
