import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isTenantRole, type Role, roles } from '#core/contract/api/roles.ts';
import { routeTable } from '#core/contract/api/routes.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { openState } from '#local/state.ts';
import { promised } from '#test/promised-access.ts';
import { newSystem, type System } from './harness.ts';
import { requestOf, type Target } from './matrix-requests.ts';
import { setStatus } from './set-status.ts';

/** Whose tenant is asked for, as the caller sees it. */
const relations = ['own', 'other', 'unknown', 'suspended', 'offboarded'] as const;
type Relation = (typeof relations)[number];
const tokenKinds = ['valid', 'expired', 'issuer', 'audience', 'alg-none', 'signature', 'absent'] as const;
type TokenKind = (typeof tokenKinds)[number];

const unknown: Target = {
  tenantId: 'tn_01m4x3v6q9e7r8t5y2w1z0abcd',
  adminEmail: 'nobody@unknown.example',
  operationId: 'op_01m4x3v6q9e7r8t5y2w1z0abcd',
};

let system: System;
let key: JWK;
let strangersKey: JWK;
const targets = { unknown } as Record<Relation, Target>;
let cases = 0;

const aKey = async () => exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey);

/** The key that the run signs with, so that tokens can be made that are wrong in one thing only. */
const plantKey = async (folder: string) => {
  key = await aKey();
  const state = await openState(folder);
  await state.section<JWK>('token-keys').put('current', key);
  await state.close();
};

const aTenant = async (token?: string): Promise<Target> => {
  const { body } = await system.onboard({}, token ? { token } : {});
  await system.untilOperation(body.operation.id, 'succeeded');
  const { tenantId, adminEmail }: Tenant = body.tenant;
  return { tenantId, adminEmail, operationId: body.operation.id };
};

beforeAll(async () => {
  system = await newSystem();
  await plantKey(system.folder);
  strangersKey = await aKey();
  await system.start();
  const sales = await system.token('sales');
  [targets.own, targets.other, targets.suspended, targets.offboarded] = await Promise.all([
    aTenant(sales),
    aTenant(),
    aTenant(),
    aTenant(),
  ]);
  await Promise.all([
    setStatus(system, targets.suspended, 'suspended'),
    setStatus(system, targets.offboarded, 'offboarded'),
  ]);
});
afterAll(async () => {
  process.stdout.write(`access matrix: ${cases} cases\n`);
  await system.remove();
});

/** A tenant's user asks with the token of its own tenant, whatever it asks for. */
const tenantOfCaller = (role: Role, relation: Relation) => {
  if (!isTenantRole(role)) return undefined;
  return relation === 'suspended' || relation === 'offboarded' ? targets[relation] : targets.own;
};

const tokens = new Map<string, Promise<string>>();

/** One token for all that a caller asks, as it would be: to sign one takes longer than to judge it. */
const tokenOf = (kind: TokenKind, role: Role, relation: Relation): Promise<string> => {
  const caller = tenantOfCaller(role, relation);
  const name = `${kind} ${role} ${caller?.tenantId}`;
  const token = tokens.get(name) ?? signedToken(kind, role, caller);
  tokens.set(name, token);
  return token;
};

const signedToken = async (kind: TokenKind, role: Role, caller: Target | undefined): Promise<string> => {
  const claims = { tenantry_role: role, ...(caller && { tenantry_tenant: caller.tenantId }) };
  const subject = caller ? `local-${role}-${caller.tenantId}` : `local-${role}`;
  const issuer = kind === 'issuer' ? 'https://issuer.example' : `${system.url}/_local`;
  const audience = kind === 'audience' ? 'another-product' : 'tenantry';
  const now = Math.floor(Date.now() / 1000);
  const expiry = kind === 'expired' ? now - 60 : now + 3_600;
  if (kind === 'alg-none') {
    return new UnsecuredJWT(claims)
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(now)
      .setExpirationTime(expiry)
      .encode();
  }
  const signer = await importJWK(kind === 'signature' ? strangersKey : key, 'RS256');
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: await calculateJwkThumbprint(key), typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt(now - 3_600)
    .setExpirationTime(expiry)
    .sign(signer);
};

type Listed = (typeof routeTable)[number];

/** What the promised table makes of a call; `done` is whatever the operation answers to one that may make it. */
const expectedOf = ({ operationId, path }: Listed, role: Role, relation: Relation, kind: TokenKind) => {
  const permission = promised[operationId];
  if (permission === 'public') return 'done';
  if (kind !== 'valid') return 401;
  if (isTenantRole(role) && relation === 'offboarded') return 401;
  if (isTenantRole(role) && relation === 'suspended') return 403;
  const reach = permission[role];
  if (!reach) return 403;
  const isOfTenant = path.includes('{tenant}') || path.includes('{operation}');
  if (!isOfTenant) return 'done';
  if (reach === 'any') return relation === 'unknown' ? 404 : 'done';
  return relation === 'own' || (reach === 'own' && relation !== 'other' && relation !== 'unknown') ? 'done' : 404;
};

const ask = async (route: Listed, role: Role, relation: Relation, kind: TokenKind) => {
  const { path, body, headers: sent, done } = requestOf(route.operationId, targets[relation]);
  const token = kind === 'absent' ? '' : await tokenOf(kind, role, relation);
  const answer = await system.call(path, {
    method: route.method,
    token,
    headers: sent,
    ...(body !== undefined && { body }),
  });
  const requestId = answer.headers.get('x-request-id') ?? '';
  // What is left of the caller's own limit is less with every call, whatever it asks for.
  const headers = [...answer.headers].filter(([name]) => !['date', 'ratelimit', 'x-request-id'].includes(name));
  const wanted = expectedOf(route, role, relation, kind);
  cases += 1;
  return {
    what: `${role} asks for ${relation} with a token that is ${kind}`,
    relation,
    kind,
    status: answer.status,
    isAsPromised: wanted === 'done' ? done.includes(answer.status) : answer.status === wanted,
    wanted: wanted === 'done' ? done.join(' or ') : String(wanted),
    bytes: JSON.stringify([answer.status, answer.body, headers]).replaceAll(requestId, '<request>'),
  };
};

describe('every route, role, tenant and token', () => {
  it.each(routeTable)('$operationId', async (route) => {
    for (const role of roles) {
      const asked = relations.flatMap((relation) => tokenKinds.map((kind) => ask(route, role, relation, kind)));
      const answers = await Promise.all(asked);
      expect(
        answers
          .filter(({ isAsPromised }) => !isAsPromised)
          .map(({ what, status, wanted }) => `${what}: ${status}, not ${wanted}`),
      ).toEqual([]);
      // Nothing tells a tenant that is another's from one that is not there.
      const notFound = answers.filter(({ kind, status }) => kind === 'valid' && status === 404);
      expect(new Set(notFound.map(({ bytes }) => bytes)).size).toBeLessThanOrEqual(1);
    }
  });
});

/** Ids that look like another's, or like something that a careless comparison would take for all. */
const lookalikes = (tenantId: string): string[] => [
  tenantId.slice(0, -1),
  `${tenantId}x`,
  `${tenantId}#`,
  `${tenantId}-b`,
  tenantId.toUpperCase(),
  tenantId.replace('tn_', 'tn＿'),
  tenantId.replace('0', 'О'),
  '*',
  'tn_*',
  '${tenant}',
  '${aws:PrincipalTag/tenant}',
  '%00',
  ' ',
  'constructor',
  '__proto__',
  'x'.repeat(4_096),
];

describe('an id that collides by prefix or by look', () => {
  it('finds nobody, byte for byte as an unknown tenant does', async () => {
    const token = await tokenOf('valid', 'tenant-admin', 'own');
    const bytesOf = async (reference: string) => {
      const answer = await system.call(`/v1/tenants/${encodeURIComponent(reference)}`, { token });
      return JSON.stringify([answer.status, answer.body]).replaceAll(answer.headers.get('x-request-id') ?? '', 'X');
    };
    const expected = await bytesOf(unknown.tenantId);
    expect(expected).toContain('not_found');
    for (const target of [targets.own, targets.other]) {
      for (const reference of lookalikes(target.tenantId)) {
        expect(await bytesOf(reference), reference.slice(0, 60)).toBe(expected);
      }
    }
  });

  it('makes no token that is taken', async () => {
    for (const tenant of lookalikes(targets.own.tenantId)) {
      const token = await new SignJWT({ tenantry_role: 'tenant-admin', tenantry_tenant: tenant })
        .setProtectedHeader({ alg: 'RS256', kid: await calculateJwkThumbprint(key), typ: 'JWT' })
        .setIssuer(`${system.url}/_local`)
        .setAudience('tenantry')
        .setSubject('eve')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(await importJWK(key, 'RS256'));
      expect((await system.call('/v1/me', { token })).status, tenant.slice(0, 60)).toBe(401);
    }
  });
});
