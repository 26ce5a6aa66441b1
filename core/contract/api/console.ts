import * as z from 'zod';
import { type Config, configSchema, isolations } from '#core/contract/model/tiers.ts';

/** `/config.json`, served with the console's pages: settings that differ by deployment, so they are not bundled. */
export const consoleConfigSchema = z.object({
  /** URL of the API, relative to the console's own. */
  apiUrl: z.string(),
  signIn: z.discriminatedUnion('kind', [
    /** An OpenID Connect issuer; `clientId` names a public client that uses authorization code with PKCE. */
    z.object({ kind: z.literal('oidc'), issuer: z.url(), clientId: z.string(), scope: z.string() }),
    /** Locally, the user picks a role. */
    z.object({ kind: z.literal('local') }),
  ]),
  /** Only what the onboarding form offers: anyone can read the pages. */
  tiers: z.record(z.string(), z.object({ isolation: z.enum(isolations), description: z.string() })),
  regions: configSchema.shape.regions,
});
export type ConsoleConfig = z.infer<typeof consoleConfigSchema>;

/** The part of the operator's configuration that the console needs. */
export const consoleChoices = ({ tiers, regions }: Config): Pick<ConsoleConfig, 'tiers' | 'regions'> => ({
  tiers: Object.fromEntries(
    Object.entries(tiers).map(([name, { isolation, description }]) => [name, { isolation, description }]),
  ),
  regions,
});

/** The path that the issuer redirects to after sign-in and sign-out. */
export const signedInPath = '/signed-in';

/**
 * Security headers of the console: its pages load only from themselves, and connect only to themselves and `origins`.
 * Inline scripts and style sheets are not allowed; React sets styles through the DOM, which needs no permission. Style
 * sheets embed fonts and small images as `data:`, which cannot contain scripts.
 */
export const consoleHeaders = (origins: readonly string[]): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    ['connect-src', "'self'", ...origins].join(' '),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
});
