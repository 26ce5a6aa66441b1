import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  PutResourcePolicyCommand,
  ResourceExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import { AppError } from '#core/contract/errors.ts';
import { environment, shardSecretName, tenantDatabaseSecretName } from '#core/contract/names.ts';
import { type DatabaseSecret, databaseSecretSchema } from '#core/contract/secret.ts';
import { secretPolicy } from '#core/secret/secret-policy.ts';
import { secrets } from './clients.ts';
import { setting } from './environment.ts';

const read = async (name: string) => {
  const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
  return databaseSecretSchema.parse(JSON.parse(SecretString));
};

/** A deletion without recovery is asynchronous on AWS: a retry that comes at once may find the name still taken. */
const isBeingDeleted = (error: unknown) =>
  error instanceof InvalidRequestException && /scheduled for deletion/.test(error.message);

/** Keeps the secret under its name, or gives back the one that is there: a repeat changes nothing. */
const keep = async (name: string, secret: DatabaseSecret, tags: Record<string, string>): Promise<DatabaseSecret> => {
  try {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await secrets.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(secret), Tags }));
    return secret;
  } catch (error) {
    if (error instanceof ResourceExistsException) return read(name);
    if (!isBeingDeleted(error)) throw error;
    throw new AppError('dependency_unavailable', `The vault is still deleting an earlier ${name}.`, { cause: error });
  }
};

export const keepTenantSecret = (tenantId: string, password: string, tags: Record<string, string>) =>
  keep(tenantDatabaseSecretName(tenantId), { username: tenantId, password }, { ...tags, tenantId });

/** Closes the secret to all but the tenant itself and the functions that need it; refused by AWS were it public. */
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

/** Deletes at once: for a tenant that never came into service there is nothing to recover. */
export const deleteTenantSecret = async (tenantId: string) => {
  try {
    await secrets.send(
      new DeleteSecretCommand({ SecretId: tenantDatabaseSecretName(tenantId), ForceDeleteWithoutRecovery: true }),
    );
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
};

export const keepShardSecret = (shardId: string, login: 'admin' | 'migrator', secret: DatabaseSecret) =>
  keep(shardSecretName(shardId, login), secret, { shardId });

export const readShardSecret = (shardId: string, login: 'admin' | 'migrator') => read(shardSecretName(shardId, login));
