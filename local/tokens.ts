import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import * as z from 'zod';
import { AppError } from '#core/contract/api/errors.ts';
import { isTenantRole, roleSchema } from '#core/contract/api/roles.ts';
import { now } from '#stores/aws/clock.ts';
import { parsedInput } from './aws/lambda/input.ts';
import type { State } from './state.ts';

const requestSchema = z
  .strictObject({
    /** Left out where `user` is given: its record says it. */
    role: roleSchema.optional(),
    /** The tenant that a tenant's role belongs to, by its id or its slug. */
    tenant: z.string().min(1).max(64).optional(),
    /** A user of a tenant, by its address: signs in as it would with its user pool. */
    user: z.string().min(1).max(254).optional(),
    /** Tells people of one platform role apart, where a second one is needed. */
    name: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/, 'must be 1–32 of a–z, 0–9 and "-"')
      .optional(),
    /** How long the token is valid: twelve hours by default; 0 or less makes one that has expired. */
    minutes: z.number().min(-525_600).max(525_600).default(720),
  })
  .refine(({ role, user }) => (role === undefined) !== (user === undefined), {
    path: ['role'],
    message: 'must be given, unless a user is',
  })
  .refine(({ name, tenant, user }) => name === undefined || (tenant === undefined && user === undefined), {
    path: ['name'],
    message: 'is for the roles of the platform',
  })
  .refine(({ role, tenant }) => role === undefined || isTenantRole(role) === (tenant !== undefined), {
    path: ['tenant'],
    message: 'must name the tenant of a tenant role, and be left out for the others',
  });

export type Claims = Readonly<Record<string, unknown>>;

/** Issues tokens and verifies them, as the identity provider and the gateway's authorizer do on AWS. */
export interface Tokens {
  /**
   * Takes `{role, tenant?, name?, minutes?}` or `{user, tenant?, minutes?}`; throws `invalid_request`. The same role and tenant
   * are the same subject.
   */
  readonly issue: (request: unknown) => Promise<string>;
  /** The claims of a valid token; rejects one that is forged, expired, or meant for others. */
  readonly verify: (token: string) => Promise<Claims>;
  readonly jwks: JSONWebKeySet;
}

const mostVerified = 10_000;

interface TokensOptions {
  state: State;
  /** URL under which the keys are found. */
  issuer: string;
  audience: string;
  /** The id of the tenant that has this slug or this id. */
  tenantIdOf: (tenant: string) => Promise<string | undefined>;
  /** The claims of a user who signs in, to this tenant if one is named; rejects when no tenant admits the user. */
  claimsOf: (user: string, tenant: string | undefined) => Promise<Claims>;
}

/** Opens the issuer with the key of earlier runs, so that a token outlives a restart. */
export async function openTokens({ state, issuer, audience, tenantIdOf, claimsOf }: TokensOptions): Promise<Tokens> {
  const keys = state.section<JWK>('token-keys');
  const key = keys.get('current') ?? (await newKey());
  await keys.put('current', key);
  const privateKey = await importJWK(key, 'RS256');
  const kid = await calculateJwkThumbprint(key);
  const { kty = '', n = '', e = '' } = key;
  const publicKey = { kty, n, e, kid, alg: 'RS256', use: 'sig' };

  const jwks = { keys: [publicKey] };
  const keyOf = createLocalJWKSet(jwks);
  const claimsIn = async (token: string): Promise<Claims> =>
    (await jwtVerify(token, keyOf, { issuer, audience, algorithms: ['RS256'] })).payload;

  /** As API Gateway's authorizer caches them: a signature takes 140 µs to verify, as much as all else in the gateway. */
  const verified = new Map<string, Claims>();

  return {
    jwks,
    verify: async (token) => {
      const claims = verified.get(token) ?? (await claimsIn(token));
      if (Number(claims['exp']) * 1000 <= now()) throw new Error('The token has expired.');
      if (verified.size >= mostVerified) verified.clear();
      verified.set(token, claims);
      return claims;
    },
    issue: async (request) => {
      const { minutes, ...holder } = parsedInput(requestSchema, request);
      const { subject, claims } = await holderOf(holder, { tenantIdOf, claimsOf });
      const issuedAt = Math.floor(now() / 1000);
      return await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + Math.round(minutes * 60))
        .sign(privateKey);
    },
  };
}

type Holder = Omit<z.infer<typeof requestSchema>, 'minutes'>;
type Known = Pick<TokensOptions, 'tenantIdOf' | 'claimsOf'>;

/** The subject of a token, and its claims. */
async function holderOf({ role, tenant, user, name }: Holder, { tenantIdOf, claimsOf }: Known) {
  if (user !== undefined) return { subject: `local-${user}`, claims: await claimsOfUser(user, tenant, claimsOf) };
  const tenantId = tenant === undefined ? undefined : await knownTenant(tenant, tenantIdOf);
  return {
    subject: ['local', role, tenantId ?? name].filter((part) => part !== undefined).join('-'),
    claims: { tenantry_role: role, ...(tenantId && { tenantry_tenant: tenantId }) },
  };
}

async function claimsOfUser(user: string, tenant: string | undefined, claimsOf: TokensOptions['claimsOf']) {
  try {
    return await claimsOf(user, tenant);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'TenantSuspended') throw new AppError('tenant_suspended', error.message, { cause: error });
    if (error.name !== 'NotAuthenticated') throw error;
    const errors = [{ path: '/user', message: 'must be a user of an active tenant' }];
    throw new AppError('invalid_request', `No active tenant has the user ${user}.`, { errors, cause: error });
  }
}

async function knownTenant(tenant: string, tenantIdOf: TokensOptions['tenantIdOf']): Promise<string> {
  const tenantId = await tenantIdOf(tenant);
  if (tenantId !== undefined) return tenantId;
  const errors = [{ path: '/tenant', message: 'must be the id or the slug of a tenant' }];
  throw new AppError('invalid_request', `There is no tenant ${tenant}.`, { errors });
}

/** RSA: the gateway's authorizer takes nothing else. */
async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return exportJWK(privateKey);
}
