import * as z from 'zod';
import { limitsSchema } from './limits.ts';

export const isolations = ['pool', 'bridge', 'silo'] as const;
export type Isolation = (typeof isolations)[number];

/** The class of shard for a tenant of this isolation: shared by many tenants, or dedicated to one. */
export const shardClasses = ['shared', 'dedicated'] as const;
export type ShardClass = (typeof shardClasses)[number];
export const shardClassOf = (isolation: Isolation): ShardClass => (isolation === 'silo' ? 'dedicated' : 'shared');

/** A region's name. */
export const regionSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1–32 of a–z, 0–9 and "-", beginning with a letter');

/** The interval between rotations of tenants' secrets; Secrets Manager accepts 1 to 1,000 days. */
const rotationSchema = z.strictObject({ days: z.int().min(1).max(1_000) });

const tierSchema = z.strictObject({
  isolation: z.enum(isolations),
  description: z.string(),
  rotation: rotationSchema.default({ days: 30 }),
  /** The rate limit of each tenant of the tier, unless the tenant has its own. */
  limits: limitsSchema,
});

/** The operator's configuration: tiers, regions, limits and the application schema. */
export const configSchema = z.strictObject({
  tiers: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), tierSchema),
  regions: z.array(regionSchema).min(1),
  /** The rate limit of each caller that belongs to no tenant. */
  limits: limitsSchema,
  /** Origins of web pages that may call the API, such as the console's `https://console.example.com`. */
  webOrigins: z.array(
    z.url({ protocol: /^https?$/ }).refine((url) => new URL(url).origin === url, 'must be an origin'),
  ),
  /** Folder of the application's SQL migrations, relative to the project's root. */
  schema: z.string(),
});
export type Config = z.infer<typeof configSchema>;

export const defineConfig = (config: z.input<typeof configSchema>): Config => configSchema.parse(config);
