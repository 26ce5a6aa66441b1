import * as z from 'zod';

/** What Secrets Manager holds for a tenant: what its services log in to their database with. */
export const databaseSecretSchema = z.object({ username: z.string(), password: z.string() });
export type DatabaseSecret = z.infer<typeof databaseSecretSchema>;

export const secretVersionSchema = z.object({
  versionId: z.string(),
  /** `AWSCURRENT` is what services log in with, `AWSPREVIOUS` what they did before, `AWSPENDING` what comes next. */
  stages: z.array(z.string()),
  createdAt: z.iso.datetime(),
});

/** All that is told of a tenant's secret: what it is called and how old it is, never what it says. */
export const secretSchema = z.object({
  name: z.string(),
  /** Where Secrets Manager has it. */
  path: z.string(),
  createdAt: z.iso.datetime(),
  lastRotatedAt: z.iso.datetime().optional(),
  nextRotationAt: z.iso.datetime().optional(),
  /** Days between rotations, as the tenant's tier said when the secret was made. */
  rotationDays: z.int().optional(),
  /** Newest first. */
  versions: z.array(secretVersionSchema),
});
export type Secret = z.infer<typeof secretSchema>;

export const rotationStartedSchema = z.object({
  name: z.string(),
  /** The version that is current once the rotation has ended well. */
  versionId: z.string(),
});
export type RotationStarted = z.infer<typeof rotationStartedSchema>;
