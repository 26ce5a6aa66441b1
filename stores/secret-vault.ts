import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import { shardSecretName, tenantDatabaseSecretName } from '#core/contract/names.ts';
import { secrets } from './clients.ts';

/** What a tenant's service connects with. */
export interface DatabaseSecret {
  username: string;
  password: string;
}

const read = async (name: string) => {
  const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
  return JSON.parse(SecretString) as DatabaseSecret;
};

/** Keeps the secret under its name, or gives back the one that is there: a repeat changes nothing. */
const keep = async (name: string, secret: DatabaseSecret, tags: Record<string, string>): Promise<DatabaseSecret> => {
  try {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await secrets.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(secret), Tags }));
    return secret;
  } catch (error) {
    if (error instanceof ResourceExistsException) return read(name);
    throw error;
  }
};

export const keepTenantSecret = (tenantId: string, password: string, tags: Record<string, string>) =>
  keep(tenantDatabaseSecretName(tenantId), { username: tenantId, password }, { ...tags, tenantId });

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
