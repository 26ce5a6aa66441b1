import type { Mistake } from './mistake.ts';

const principal = 'core/access/principal.ts';
const tokens = 'local/tokens.ts';
const claims = 'local/gateway/claims.ts';
const claimTests = ['test/unit/core/access/principal.test.ts'];
const tokenTests = ['test/local/gateway/tokens.test.ts'];
const gatewayTests = ['test/local/gateway/gateway.test.ts'];

const payload = "JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())";
const verified = 'verified.get(token) ?? (await claimsIn(token))';
const expired = '* 1000 <= now()';
const checked = '{ issuer, audience, algorithms';

/** Mistakes about who calls. */
export const tokenMistakes: readonly Mistake[] = [
  {
    what: 'the signature of a token is not verified',
    file: tokens,
    right: verified,
    wrong: payload,
    caughtBy: tokenTests,
  },
  {
    what: 'a token of alg none is taken',
    file: tokens,
    right: verified,
    wrong: `Buffer.from(token.split('.')[0] ?? '', 'base64url').toString().includes('"none"')
        ? ${payload}
        : await claimsIn(token)`,
    caughtBy: tokenTests,
  },
  {
    what: 'an expired token is taken for another day',
    file: tokens,
    right: expired,
    wrong: '* 1000 <= now() - 86_400_000',
    caughtBy: tokenTests,
  },
  {
    what: "a token's time is told by another clock than its issuer's",
    file: tokens,
    right: expired,
    wrong: '* 1000 <= Date.now()',
    caughtBy: tokenTests,
  },
  {
    what: 'a token for another audience is taken',
    file: tokens,
    right: checked,
    wrong: '{ issuer, algorithms',
    caughtBy: tokenTests,
  },
  {
    what: 'a token of another issuer is taken',
    file: tokens,
    right: checked,
    wrong: '{ audience, algorithms',
    caughtBy: tokenTests,
  },
  {
    what: 'the issuer shows its private key',
    file: tokens,
    right: 'const publicKey = { kty,',
    wrong: 'const publicKey = { ...key, kty,',
    caughtBy: tokenTests,
  },
  {
    what: 'a token that is not valid counts as one without claims',
    file: claims,
    right: "throw new AppError('not_authenticated', 'The bearer token is not valid.', { cause: error });",
    wrong: 'return {};',
    caughtBy: gatewayTests,
  },
  {
    what: 'a request without a token is let through',
    file: claims,
    right: "if (token === undefined) throw new AppError('not_authenticated', 'A bearer token is needed.');",
    wrong: 'if (token === undefined) return {};',
    caughtBy: gatewayTests,
  },
  {
    what: 'a token is taken under any scheme',
    file: claims,
    right: '/^Bearer +([^ ]+)$/i',
    wrong: '/([^ ]+)$/i',
    caughtBy: gatewayTests,
  },
  {
    what: 'every route is public',
    file: 'local/gateway/gateway.ts',
    right: "isPublic: access === 'public'",
    wrong: 'isPublic: access !== undefined',
    caughtBy: gatewayTests,
  },
  {
    what: 'an unknown role counts as the auditor',
    file: principal,
    right: 'tenantry_role: roleSchema,',
    wrong: "tenantry_role: roleSchema.catch('platform-auditor'),",
    caughtBy: claimTests,
  },
  {
    what: 'a tenant role need not name its tenant',
    file: principal,
    right:
      "if (tenantId === undefined) throw new AppError('not_authenticated', `A token of role ${role} must name its tenant.`);",
    wrong: 'if (tenantId === undefined) return caller;',
    caughtBy: ['test/unit/core/access/cedar.test.ts'],
  },
  {
    what: 'any text is taken for a tenant',
    file: principal,
    right: 'tenantry_tenant: tenantIdSchema.optional(),',
    wrong: 'tenantry_tenant: z.string().optional(),',
    caughtBy: claimTests,
  },
  {
    what: 'a caller may have no name',
    file: principal,
    right: 'sub: z.string().min(1),',
    wrong: 'sub: z.string(),',
    caughtBy: claimTests,
  },
  {
    what: 'a platform role keeps the tenant that its token happens to name',
    file: principal,
    right: 'if (!isTenantRole(role)) return caller;',
    wrong: 'if (!isTenantRole(role)) return { ...caller, ...(tenantId && { tenantId }) };',
    caughtBy: claimTests,
  },
];
