import type { Mistake } from './mistake.ts';

const principal = 'core/access/principal.ts';
const decisionTests = ['test/unit/core/access/principal.test.ts'];
const oracle = ['test/unit/core/access/cedar.test.ts'];

/** Mistakes about who may do what, to whom. */
export const decisionMistakes: readonly Mistake[] = [
  {
    what: 'a role that is not listed may do it all the same',
    file: principal,
    right: "if (!reach) throw new AppError('not_allowed', `The role ${role} may not do this.`);",
    wrong: "if (!reach) return 'own';",
    caughtBy: decisionTests,
  },
  {
    what: 'tenants are compared by prefix',
    file: principal,
    right: 'return tenant.tenantId === principal.tenantId;',
    wrong: "return tenant.tenantId.startsWith(principal.tenantId ?? '-');",
    caughtBy: oracle,
  },
  {
    what: 'tenants are compared whatever the case',
    file: principal,
    right: 'return tenant.tenantId === principal.tenantId;',
    wrong: 'return tenant.tenantId.toLowerCase() === principal.tenantId?.toLowerCase();',
    caughtBy: oracle,
  },
  {
    what: 'tenants are not compared where the caller has none',
    file: principal,
    right: 'return tenant.tenantId === principal.tenantId;',
    wrong: 'return principal.tenantId === undefined || tenant.tenantId === principal.tenantId;',
    caughtBy: decisionTests,
  },
  {
    what: 'every tenant is one’s own',
    file: principal,
    right: 'return tenant.tenantId === principal.tenantId;',
    wrong: 'return tenant.tenantId.length > 0;',
    caughtBy: decisionTests,
  },
  {
    what: 'who onboarded a tenant is compared by prefix',
    file: principal,
    right: 'return tenant.onboardedBy === onboarderRef(principal);',
    wrong: 'return tenant.onboardedBy.startsWith(onboarderRef(principal));',
    caughtBy: decisionTests,
  },
  {
    what: 'sales sees what others onboarded',
    file: principal,
    right: 'return tenant.onboardedBy === onboarderRef(principal);',
    wrong: "return tenant.onboardedBy !== '';",
    caughtBy: decisionTests,
  },
  {
    what: 'an event source counts as the user of the same name',
    file: principal,
    right: 'return tenant.onboardedBy === onboarderRef(principal);',
    wrong: "return tenant.onboardedBy.replace(/^.*?#/, 'user#') === onboarderRef(principal);",
    caughtBy: decisionTests,
  },
  {
    what: 'the auditor changes tenants',
    file: 'core/contract/api/routes.ts',
    right: `administrator or limits",
    tag: 'tenants',
    access: { 'platform-admin': 'any' },`,
    wrong: `administrator or limits",
    tag: 'tenants',
    access: { ...platform },`,
    caughtBy: decisionTests,
  },
  {
    what: 'members of a tenant read its audit log',
    file: 'core/contract/api/routes.ts',
    right: "const readsAudit = { ...platform, 'tenant-admin': 'own' } as const;",
    wrong: "const readsAudit = { ...platform, 'tenant-admin': 'own', 'tenant-member': 'own' } as const;",
    caughtBy: oracle,
  },
  {
    what: 'a tenant’s administrator reads every tenant',
    file: 'core/contract/api/routes.ts',
    right: "sales: 'onboarded', 'tenant-admin': 'own', 'tenant-member': 'own' }",
    wrong: "sales: 'onboarded', 'tenant-admin': 'any', 'tenant-member': 'own' }",
    caughtBy: oracle,
  },
];
