import * as z from 'zod';

/** The value of a tenant's secret in Secrets Manager: its services' login to their database. */
export const databaseSecretSchema = z.object({ username: z.string(), password: z.string() });
export type DatabaseSecret = z.infer<typeof databaseSecretSchema>;

export const secretVersionSchema = z.object({
  versionId: z.string(),
  /** `AWSCURRENT` is the password in use, `AWSPREVIOUS` the one before it, `AWSPENDING` the next one. */
  stages: z.array(z.string()),
  createdAt: z.iso.datetime(),
});

/** A tenant's secret as callers see it: its name and dates, never its value. */
export const secretSchema = z.object({
  name: z.string(),
  /** Its name in Secrets Manager. */
  path: z.string(),
  createdAt: z.iso.datetime(),
  lastRotatedAt: z.iso.datetime().optional(),
  nextRotationAt: z.iso.datetime().optional(),
  /** Days between rotations, taken from the tenant's tier when the secret was created. */
  rotationDays: z.int().optional(),
  /** Newest first. */
  versions: z.array(secretVersionSchema),
});
export type Secret = z.infer<typeof secretSchema>;

export const rotationStartedSchema = z.object({
  name: z.string(),
  /** The version that becomes current when the rotation succeeds. */
  versionId: z.string(),
});
export type RotationStarted = z.infer<typeof rotationStartedSchema>;
