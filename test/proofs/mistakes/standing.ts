import type { Mistake } from './mistake.ts';

const inService = 'core/access/in-service.ts';
const signIn = 'core/access/sign-in.ts';
const standingTests = ['test/unit/core/access/in-service.test.ts'];
const signInTests = ['test/unit/core/access/sign-in.test.ts'];
const userTests = ['test/unit/core/user/change-user.test.ts'];

/** Mistakes about tokens that were good once, and about users. */
export const standingMistakes: readonly Mistake[] = [
  {
    what: 'a suspended tenant is not told why it is refused',
    file: inService,
    right: "if (tenant.status === 'suspended') throw",
    wrong: "if (tenant.status === 'offboarding') throw",
    caughtBy: standingTests,
  },
  {
    what: 'a tenant that is being offboarded is served',
    file: inService,
    right: 'if (isClosed(tenant.status)) throw',
    wrong: "if (tenant.status === 'offboarded') throw",
    caughtBy: standingTests,
  },
  {
    what: 'a token of a tenant that nobody knows is good',
    file: inService,
    right: "if (!tenant) throw refused('The tenant of this token is unknown.');",
    wrong: 'if (!tenant) return;',
    caughtBy: standingTests,
  },
  {
    what: 'the epoch of a tenant’s tokens is not checked',
    file: inService,
    right: 'if (validFrom > 0 && issuedAt <= Math.floor(validFrom / 1000)) {',
    wrong: 'if (validFrom > 0 && issuedAt < 0) {',
    caughtBy: standingTests,
  },
  {
    what: 'a token of the very second of the suspension is good',
    file: inService,
    right: 'issuedAt <= Math.floor(validFrom / 1000)',
    wrong: 'issuedAt < Math.floor(validFrom / 1000)',
    caughtBy: standingTests,
  },
  {
    what: 'a token that does not say when it was issued is younger than any suspension',
    file: inService,
    right: 'issuedAt = 0 }: Principal',
    wrong: 'issuedAt = Number.MAX_SAFE_INTEGER }: Principal',
    caughtBy: standingTests,
  },
  {
    what: 'a disabled user is served',
    file: inService,
    right: "if (!user || user.status === 'disabled') throw",
    wrong: 'if (!user) throw',
    caughtBy: standingTests,
  },
  {
    what: 'a removed user is served',
    file: inService,
    right: "if (!user || user.status === 'disabled') throw",
    wrong: "if (user?.status === 'disabled') throw",
    caughtBy: ['test/unit/core/access/cedar.test.ts'],
  },
  {
    what: 'a demoted user keeps its role until its token ends',
    file: inService,
    right: 'if (user.role !== role) throw refused("The user\'s role has changed: sign in again.");',
    wrong: '',
    caughtBy: standingTests,
  },
  {
    what: 'closing a tenant does not end its tokens',
    file: 'core/tenant/tenant-record.ts',
    right: '{ tokensValidFrom: now } : {};',
    wrong: '{} : {};',
    caughtBy: ['test/unit/core/tenant/tenant-record.test.ts'],
  },
  {
    what: 'nobody asks whether the caller’s tenant is in service',
    file: 'functions/shell/as-caller.ts',
    right: 'assertInService(principal, await accessFacts.get(key, read));',
    wrong: 'await accessFacts.get(key, read);',
    caughtBy: ['test/local/system/suspension.test.ts'],
  },
  {
    what: 'what is known of one tenant’s callers is taken for another’s',
    file: 'functions/shell/as-caller.ts',
    right: 'const key = userId === undefined ? tenantId : `${tenantId} ${userId}`;',
    wrong: 'const key = userId ?? tenantId;',
    caughtBy: ['test/local/system/users.test.ts'],
  },
  {
    what: 'a suspended tenant keeps its database login',
    file: 'functions/suspend-tenant/close-database.ts',
    right: 'await closeLogin(placed);',
    wrong: 'await Promise.resolve(placed);',
    caughtBy: ['test/local/system/suspension.test.ts'],
  },
  {
    what: 'an address need not be verified',
    file: 'functions/access/issue-claims.ts',
    right: "if (!email || verified !== 'true') throw",
    wrong: "if (!email || verified === '') throw",
    caughtBy: ['test/unit/functions/access/issue-claims.test.ts'],
  },
  {
    what: 'somebody signs in to a tenant that was not asked for',
    file: signIn,
    right: 'requested === undefined || [tenant.tenantId, tenant.slug].includes(requested)',
    wrong: "requested !== '' || tenant.slug === requested",
    caughtBy: signInTests,
  },
  {
    what: 'a disabled user signs in',
    file: signIn,
    right: 'if (error instanceof AppError) return error;',
    wrong: 'if (error instanceof AppError) return undefined;',
    caughtBy: signInTests,
  },
  {
    what: 'a program without a scope has the role of sales',
    file: signIn,
    right:
      "if (role === undefined) throw new AppError('not_authenticated', 'This client has none of the required scopes.');\n  return { id: clientId, userId: clientId, role };",
    wrong: "return { id: clientId, userId: clientId, role: role ?? 'sales' };",
    caughtBy: signInTests,
  },
  {
    what: 'a group named after a tenant role gives it',
    file: signIn,
    right: 'roles.find((one) => !isTenantRole(one) && groups.includes(one))',
    wrong: 'roles.find((one) => groups.includes(one))',
    caughtBy: signInTests,
  },
  {
    what: 'the last administrator can be removed',
    file: 'core/user/change-user.ts',
    right: "assertAdministrated(read, { ...user, status: 'disabled' });",
    wrong: '',
    caughtBy: userTests,
  },
  {
    what: 'the last administrator can be made a member',
    file: 'core/user/change-user.ts',
    right: 'assertAdministrated(read, next);',
    wrong: "if (next.status === 'disabled') assertAdministrated(read, next);",
    caughtBy: userTests,
  },
  {
    what: 'a disabled administrator counts as one',
    file: 'core/user/change-user.ts',
    right: "role === 'tenant-admin' && status !== 'disabled';",
    wrong: "role === 'tenant-admin' && status !== undefined;",
    caughtBy: userTests,
  },
  {
    what: 'two administrators remove each other',
    file: 'core/user/user-writes.ts',
    right: 'condition: version === 0 ? { absent: true } : { equals: { version } },',
    wrong: "condition: { absentOr: { sk: 'USERS' } },",
    caughtBy: ['test/local/stores/registry/users.test.ts'],
  },
  {
    what: 'a user may be given a role of the platform',
    file: 'core/contract/model/user.ts',
    right: 'export const invitationSchema = z.strictObject({ email: emailSchema, role: z.enum(tenantRoles) });',
    wrong:
      "export const invitationSchema = z.strictObject({ email: emailSchema, role: z.enum([...tenantRoles, 'platform-admin']) });",
    caughtBy: ['test/local/system/users.test.ts'],
  },
  {
    what: 'members of a tenant manage its users',
    file: 'core/contract/api/user-routes.ts',
    right: "const manages = { 'platform-admin': 'any', 'tenant-admin': 'own' } as const;",
    wrong: "const manages = { 'platform-admin': 'any', 'tenant-admin': 'own', 'tenant-member': 'own' } as const;",
    caughtBy: ['test/unit/core/access/cedar.test.ts'],
  },
];
