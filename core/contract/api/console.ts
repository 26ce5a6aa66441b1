import * as z from 'zod';
import { type Config, configSchema, isolations } from '#core/contract/model/tiers.ts';

/** `/config.json` beside the console's pages: what differs from one deployment to another, and so is not in its bundle. */
export const consoleConfigSchema = z.object({
  /** Where the API is, seen from the console's own address. */
  apiUrl: z.string(),
  signIn: z.discriminatedUnion('kind', [
    /** An OpenID Connect issuer; `clientId` is that of a public client with authorization code and PKCE. */
    z.object({ kind: z.literal('oidc'), issuer: z.url(), clientId: z.string(), scope: z.string() }),
    /** Whoever is at this machine chooses a role. */
    z.object({ kind: z.literal('local') }),
  ]),
  /** What the form offers, and no more: the pages are anybody's to read. */
  tiers: z.record(z.string(), z.object({ isolation: z.enum(isolations), description: z.string() })),
  regions: configSchema.shape.regions,
});
export type ConsoleConfig = z.infer<typeof consoleConfigSchema>;

/** What of the operator's choices the console is told. */
export const consoleChoices = ({ tiers, regions }: Config): Pick<ConsoleConfig, 'tiers' | 'regions'> => ({
  tiers: Object.fromEntries(
    Object.entries(tiers).map(([name, { isolation, description }]) => [name, { isolation, description }]),
  ),
  regions,
});

/** Where an issuer sends people back to once they have signed in; signing out ends there as well. */
export const signedInPath = '/signed-in';

/**
 * What the console's pages may load and whom they may ask: themselves, and the origins given. No script and no style
 * sheet that is written into a page; React sets its styles through the object model, which needs no permission. Fonts
 * and small pictures of the style sheets stand in them as `data:`, which can hold no script.
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
