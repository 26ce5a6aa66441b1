import {
  DescribeSecretCommand,
  InvalidRequestException,
  ListSecretVersionIdsCommand,
  ResourceNotFoundException,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Secret } from '#core/contract/model/secret.ts';
import { environment, tenantDatabaseSecretName, tenantSecretPrefix } from '#core/contract/platform/names.ts';
import { secrets, secretsReader } from '#stores/aws/clients.ts';
import { setting } from '#stores/aws/environment.ts';
import { pendingOf, stagedVersions } from './versions.ts';

/** Has Secrets Manager rotate the tenant's secret every so many days, the first time after as many; may be repeated. */
export const scheduleRotation = async (tenantId: string, days: number): Promise<void> => {
  await secrets.send(
    new RotateSecretCommand({
      SecretId: tenantDatabaseSecretName(tenantId),
      RotationLambdaARN: setting(environment.rotationFunctionArn),
      RotationRules: { AutomaticallyAfterDays: days },
      RotateImmediately: false,
    }),
  );
};

/** The version that a rotation under way, or one that failed, is about; `undefined` where there is none. */
export const pendingVersion = async (tenantId: string): Promise<string | undefined> =>
  pendingOf(await stagedVersions(tenantDatabaseSecretName(tenantId)));

/** Has Secrets Manager rotate now, under this token. One that is under way goes on, one that failed is tried again. */
export const rotateNow = async (tenantId: string, token: string): Promise<void> => {
  try {
    await secrets.send(
      new RotateSecretCommand({ SecretId: tenantDatabaseSecretName(tenantId), ClientRequestToken: token }),
    );
  } catch (error) {
    // So Secrets Manager says that it has taken up the earlier rotation, which is what is asked for here.
    const isTakenUp = error instanceof InvalidRequestException && /previous rotation/.test(error.message);
    if (!isTakenUp) throw error;
  }
};

const isoTime = (date: Date | undefined) => date?.toISOString();

/** All versions with a stage, newest first: those without one are no longer in use, and AWS drops them in time. */
const versionsOf = async (SecretId: string): Promise<Secret['versions']> => {
  const { Versions = [] } = await secretsReader().send(new ListSecretVersionIdsCommand({ SecretId }));
  return Versions.map(({ VersionId = '', VersionStages = [], CreatedDate = new Date(0) }) => ({
    versionId: VersionId,
    stages: VersionStages.toSorted(),
    createdAt: CreatedDate.toISOString(),
  })).toSorted((one, other) => other.createdAt.localeCompare(one.createdAt));
};

/** What is known of the tenant's database secret but its values; `undefined` where it has none. */
export const describeTenantSecret = async (tenantId: string): Promise<Secret | undefined> => {
  const SecretId = tenantDatabaseSecretName(tenantId);
  try {
    const [about, versions] = await Promise.all([
      secretsReader().send(new DescribeSecretCommand({ SecretId })),
      versionsOf(SecretId),
    ]);
    const lastRotatedAt = isoTime(about.LastRotatedDate);
    const nextRotationAt = isoTime(about.NextRotationDate);
    const rotationDays = about.RotationRules?.AutomaticallyAfterDays;
    return {
      name: SecretId.slice(tenantSecretPrefix(tenantId).length),
      path: SecretId,
      createdAt: (about.CreatedDate ?? new Date(0)).toISOString(),
      ...(lastRotatedAt !== undefined && { lastRotatedAt }),
      ...(nextRotationAt !== undefined && { nextRotationAt }),
      ...(rotationDays !== undefined && { rotationDays }),
      versions,
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};
