import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  PutResourcePolicyCommand,
  ResourceExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import { AppError } from '#core/contract/api/errors.ts';
import { type DatabaseSecret, databaseSecretSchema } from '#core/contract/model/secret.ts';
import { environment, shardSecretName, tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import { secretPolicy } from '#core/secrets/secret-policy.ts';
import { secrets } from '#stores/aws/clients.ts';
import { setting } from '#stores/aws/environment.ts';
import { migratorRole } from '#stores/postgres/database.ts';
import { newPassword } from './new-password.ts';

const read = async (name: string) => {
  const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
  return databaseSecretSchema.parse(JSON.parse(SecretString));
};

/** A deletion without recovery is asynchronous on AWS: an immediate retry may find the name still in use. */
const isBeingDeleted = (error: unknown) =>
  error instanceof InvalidRequestException && /scheduled for deletion/.test(error.message);

/** Creates the secret unless it exists; returns the stored one. */
const createIfAbsent = async (
  name: string,
  secret: DatabaseSecret,
  tags: Record<string, string>,
): Promise<DatabaseSecret> => {
  try {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await secrets.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(secret), Tags }));
    return secret;
  } catch (error) {
    if (error instanceof ResourceExistsException) return read(name);
    if (!isBeingDeleted(error)) throw error;
    throw new AppError('dependency_unavailable', `Secrets Manager is still deleting an earlier ${name}.`, {
      cause: error,
    });
  }
};

/** Stores the login of a new tenant, with a new password, tagged with its id; returns the stored login. */
export const createTenantSecretIfAbsent = (tenantId: string, tags: Record<string, string>) =>
  createIfAbsent(
    tenantDatabaseSecretName(tenantId),
    { username: tenantId, password: newPassword() },
    { ...tags, tenantId },
  );

/** Restricts the secret to the tenant itself and the functions that need it. AWS refuses the policy if it is public. */
export const guardTenantSecret = async (tenantId: string): Promise<void> => {
  const policy = secretPolicy({
    tenantId,
    tenantRoleArn: setting(environment.tenantRoleArn),
    controlPlaneArns: setting(environment.secretReaderArns).split(','),
  });
  await secrets.send(
    new PutResourcePolicyCommand({
      SecretId: tenantDatabaseSecretName(tenantId),
      ResourcePolicy: JSON.stringify(policy),
      BlockPublicPolicy: true,
    }),
  );
};

export const readTenantSecret = (tenantId: string) => read(tenantDatabaseSecretName(tenantId));

/** Deletes the secret without a recovery period: a tenant that was never active has nothing to recover. */
export const deleteTenantSecret = async (tenantId: string) => {
  try {
    await secrets.send(
      new DeleteSecretCommand({ SecretId: tenantDatabaseSecretName(tenantId), ForceDeleteWithoutRecovery: true }),
    );
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
};

/** Stores the login that migrates a shard, with a new password; returns the stored login. */
export const createMigratorSecretIfAbsent = (shardId: string) =>
  createIfAbsent(
    shardSecretName(shardId, 'migrator'),
    { username: migratorRole, password: newPassword() },
    { shardId },
  );

export const readShardSecret = (shardId: string, login: 'admin' | 'migrator') => read(shardSecretName(shardId, login));
