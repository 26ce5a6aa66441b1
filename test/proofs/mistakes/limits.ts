import type { Mistake } from './mistake.ts';

const callers = 'functions/limits/callers.ts';
const systemTests = ['test/local/system/limits.test.ts'];
const bucketTests = ['test/unit/core/limits/token-bucket.test.ts'];

/** Mistakes about how often a tenant may call. */
export const limitMistakes: readonly Mistake[] = [
  {
    what: 'tenants of the same limits share them',
    file: callers,
    right: 'return meters.get(tenantId ?? `#${id}`, async (cached) => {',
    wrong: "return meters.get(tenantId ? 'tenant' : `#${id}`, async (cached) => {",
    caughtBy: systemTests,
  },
  {
    what: 'the limits of one tenant are those of all',
    file: callers,
    right: 'limitsOf(await findTenant(tenantId), config);',
    wrong: 'limitsOf(tenantId ? undefined : await findTenant(tenantId), config);',
    caughtBy: systemTests,
  },
  {
    what: 'no request is counted',
    file: 'functions/shell/http.ts',
    right: "if (route.access !== 'public') await counted(context, caller.principal);",
    wrong: '',
    caughtBy: ['test/unit/functions/shell/http.test.ts'],
  },
  {
    what: 'a bucket gives more than it holds',
    file: 'core/limits/token-bucket.ts',
    right: 'const tokens = Math.min(wanted, tokensIn(limits, fullAt, now));',
    wrong: 'const tokens = wanted;',
    caughtBy: bucketTests,
  },
  {
    what: 'a bucket refills beyond its burst',
    file: 'core/limits/token-bucket.ts',
    right: '(Math.max(0, fullAt - now - rounding) * limits.requestsPerSecond)',
    wrong: '((fullAt - now - rounding) * limits.requestsPerSecond)',
    caughtBy: bucketTests,
  },
];
