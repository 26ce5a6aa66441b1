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

/** Schedules the rotation of the tenant's secret every so many days, beginning after as many. May be repeated. */
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

/** The version of a running or failed rotation; `undefined` if there is none. */
export const pendingVersion = async (tenantId: string): Promise<string | undefined> =>
  pendingOf(await stagedVersions(tenantDatabaseSecretName(tenantId)));

/** Starts a rotation with this token. A running rotation continues; a failed one is retried. */
export const rotateNow = async (tenantId: string, token: string): Promise<void> => {
  try {
    await secrets.send(
      new RotateSecretCommand({ SecretId: tenantDatabaseSecretName(tenantId), ClientRequestToken: token }),
    );
  } catch (error) {
    // Secrets Manager reports in this way that it has resumed the earlier rotation.
    const isResumed = error instanceof InvalidRequestException && /previous rotation/.test(error.message);
    if (!isResumed) throw error;
  }
};

const isoTime = (date: Date | undefined) => date?.toISOString();

/** All versions with a stage, newest first: AWS deletes those without one in time. */
const versionsOf = async (SecretId: string): Promise<Secret['versions']> => {
  const { Versions = [] } = await secretsReader().send(new ListSecretVersionIdsCommand({ SecretId }));
  return Versions.map(({ VersionId = '', VersionStages = [], CreatedDate = new Date(0) }) => ({
    versionId: VersionId,
    stages: VersionStages.toSorted(),
    createdAt: CreatedDate.toISOString(),
  })).toSorted((one, other) => other.createdAt.localeCompare(one.createdAt));
};

/** The metadata and versions of the tenant's database secret, never its values; `undefined` if it has none. */
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
