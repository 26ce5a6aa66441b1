import { JwtVerifier } from 'aws-jwt-verify';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose';
import * as z from 'zod';
import { AppError } from '#core/contract/errors.ts';
import { isTenantRole, roleSchema } from '#core/contract/roles.ts';
import { parsedInput } from './functions/input.ts';
import type { State } from './state.ts';

const requestSchema = z
  .strictObject({
    role: roleSchema,
    /** The tenant that a tenant's role belongs to, by its id or its slug. */
    tenant: z.string().min(1).max(64).optional(),
    /** How long the token is good for: twelve hours unless told; 0 or less makes one that has expired. */
    minutes: z.number().min(-525_600).max(525_600).default(720),
  })
  .refine((request) => isTenantRole(request.role) === (request.tenant !== undefined), {
    path: ['tenant'],
    message: 'must name the tenant of a tenant role, and be left out for the others',
  });

export type Claims = Readonly<Record<string, unknown>>;

/** Issues tokens and knows them again, as the identity provider and the gateway's authorizer do on AWS. */
export interface Tokens {
  /** Takes `{role, tenant?, minutes?}`; throws `invalid_request`. The same role and tenant are the same subject. */
  readonly issue: (request: unknown) => Promise<string>;
  /** The claims of a valid token; throws when it is not: forged, expired, or meant for others. */
  readonly verify: (token: string) => Claims;
  readonly jwks: JSONWebKeySet;
}

interface TokensOptions {
  state: State;
  /** URL under which the keys are found. */
  issuer: string;
  audience: string;
  /** The id of the tenant that has this slug or this id. */
  tenantIdOf: (tenant: string) => Promise<string | undefined>;
}

/** Opens the issuer with the key it had before, so that a token outlives a restart. */
export async function openTokens({ state, issuer, audience, tenantIdOf }: TokensOptions): Promise<Tokens> {
  const keys = state.section<JWK>('token-keys');
  const key = keys.get('current') ?? (await newKey());
  await keys.put('current', key);
  const privateKey = await importJWK(key, 'RS256');
  const kid = await calculateJwkThumbprint(key);
  const { kty = '', n = '', e = '' } = key;
  const publicKey = { kty, n, e, kid, alg: 'RS256', use: 'sig' };

  const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/.well-known/jwks.json` });
  // The verifier would fetch them over https only.
  verifier.cacheJwks({ keys: [publicKey] });

  return {
    jwks: { keys: [publicKey] },
    verify: (token) => verifier.verifySync(token),
    issue: async (request) => {
      const { role, tenant, minutes } = parsedInput(requestSchema, request);
      const tenantId = tenant === undefined ? undefined : await knownTenant(tenant, tenantIdOf);
      const now = Math.floor(Date.now() / 1000);
      return await new SignJWT({ tenantry_role: role, ...(tenantId && { tenantry_tenant: tenantId }) })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(tenantId ? `local-${role}-${tenantId}` : `local-${role}`)
        .setIssuedAt(now)
        .setExpirationTime(now + Math.round(minutes * 60))
        .sign(privateKey);
    },
  };
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
