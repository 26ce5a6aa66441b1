import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { type DatabaseSecret, databaseSecretSchema } from '#core/contract/model/secret.ts';
import { secrets } from '#stores/aws/clients.ts';
import { newPassword } from './new-password.ts';

const currentStage = 'AWSCURRENT';
const pendingStage = 'AWSPENDING';

/** Version id → the stages that name it. */
export type StagedVersions = Readonly<Record<string, readonly string[]>>;

export const stagedVersions = async (SecretId: string): Promise<StagedVersions> => {
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  return VersionIdsToStages;
};

const versionAt = (versions: StagedVersions, stage: string) =>
  Object.entries(versions).find(([, stages]) => stages.includes(stage))?.[0];

export const currentOf = (versions: StagedVersions) => versionAt(versions, currentStage);

/** The version that exists but is not current yet. */
export const pendingOf = (versions: StagedVersions) => {
  const pending = versionAt(versions, pendingStage);
  return pending === currentOf(versions) ? undefined : pending;
};

/** The version that became current although its rotation did not end: the end would have removed its pending stage. */
export const currentAndPending = (versions: StagedVersions) => {
  const pending = versionAt(versions, pendingStage);
  return pending === currentOf(versions) ? pending : undefined;
};

export interface CurrentSecret extends DatabaseSecret {
  versionId: string;
}

export const readCurrent = async (SecretId: string): Promise<CurrentSecret> => {
  const { SecretString = '{}', VersionId = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return { ...databaseSecretSchema.parse(JSON.parse(SecretString)), versionId: VersionId };
};

/** The value of a version; `undefined` if it has none yet. */
export const readVersion = async (SecretId: string, VersionId: string): Promise<DatabaseSecret | undefined> => {
  try {
    const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId, VersionId }));
    return databaseSecretSchema.parse(JSON.parse(SecretString));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

/** Stores a new password of the tenant under the version that Secrets Manager made for a rotation. */
export const putPending = async (SecretId: string, token: string, tenantId: string): Promise<void> => {
  const secret: DatabaseSecret = { username: tenantId, password: newPassword() };
  await secrets.send(
    new PutSecretValueCommand({
      SecretId,
      ClientRequestToken: token,
      SecretString: JSON.stringify(secret),
      VersionStages: [pendingStage],
    }),
  );
};

/** Makes version `to` the one that readers of the secret receive. */
export const makeCurrent = async (SecretId: string, to: string, from: string | undefined): Promise<void> => {
  await secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: currentStage,
      MoveToVersionId: to,
      ...(from !== undefined && { RemoveFromVersionId: from }),
    }),
  );
};
