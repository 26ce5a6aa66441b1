import type { Mistake } from './mistake.ts';

const shell = 'functions/shell/http.ts';
const parts = 'functions/shell/request-parts.ts';
const shellTests = ['test/unit/functions/shell/http.test.ts'];
const partTests = ['test/unit/functions/shell/request-parts.test.ts'];
const frontDoor = ['test/local/system/bad-input.test.ts'];
const caller = 'principalOf(claimsOf(event))';

/** Mistakes about how a request is judged and answered. */
export const requestMistakes: readonly Mistake[] = [
  {
    what: 'the role is not checked',
    file: shell,
    right: 'return reachOf(principal, access);',
    wrong: "return 'any';",
    caughtBy: shellTests,
  },
  {
    what: 'who calls is taken from the body',
    file: shell,
    right: caller,
    wrong: "principalOf({ ...claimsOf(event), ...JSON.parse(event.body ?? '{}') })",
    caughtBy: shellTests,
  },
  {
    what: 'who calls is taken from the query',
    file: shell,
    right: caller,
    wrong: 'principalOf({ ...claimsOf(event), ...event.queryStringParameters })',
    caughtBy: shellTests,
  },
  {
    what: 'who calls is taken from headers',
    file: shell,
    right: caller,
    wrong: 'principalOf({ ...claimsOf(event), ...event.headers })',
    caughtBy: shellTests,
  },
  {
    what: 'the tenant is taken from the path',
    file: shell,
    right: caller,
    wrong:
      "principalOf({ ...claimsOf(event), ...(event.pathParameters?.['tenant'] && { tenantry_tenant: event.pathParameters['tenant'] }) })",
    caughtBy: frontDoor,
  },
  {
    what: 'a refusal is not written down',
    file: shell,
    right: 'if (error instanceof AppError) {',
    wrong: 'if (!(error instanceof Error)) {',
    caughtBy: frontDoor,
  },
  {
    what: 'routes are told apart by path alone',
    file: shell,
    right: 'return [`${method} ${path}`, named];',
    wrong: "return [`${method && 'GET'} ${path}`, named];",
    caughtBy: shellTests,
  },
  {
    what: 'an answer tells what went wrong inside',
    file: 'functions/shell/problems.ts',
    right: 'detail: status >= 500 ?',
    wrong: 'detail: status >= 600 ?',
    caughtBy: shellTests,
  },
  {
    what: 'a body of any size is read',
    file: parts,
    right: 'if (Buffer.byteLength(text) > limit) throw',
    wrong: 'if (Buffer.byteLength(text) < 0) throw',
    caughtBy: partTests,
  },
  {
    what: 'a query is not parsed',
    file: parts,
    right: "query ? parsed(query, event.queryStringParameters ?? {}, 'query') : {};",
    wrong: 'query ? (event.queryStringParameters ?? {}) : {};',
    caughtBy: partTests,
  },
  {
    what: 'the reach is not asked for the tenant of a path',
    file: 'functions/http/reachable-tenant.ts',
    right: 'if (!tenant || !reaches(principal, reach, tenant)) throw',
    wrong: 'if (!tenant) throw',
    caughtBy: frontDoor,
  },
  {
    what: 'a tenant beyond reach is answered 403: so it is there',
    file: 'functions/http/reachable-tenant.ts',
    right: 'if (!tenant || !reaches(principal, reach, tenant)) throw notFound();',
    wrong: `if (!tenant) throw notFound();
  if (!reaches(principal, reach, tenant)) throw Object.assign(notFound(), { code: 'not_allowed' });`,
    caughtBy: frontDoor,
  },
  {
    what: 'a tenant of a longer name opens one’s own',
    file: 'functions/http/reachable-tenant.ts',
    right: 'return reference === tenant?.tenantId || reference === tenant?.slug ? tenant : undefined;',
    wrong: 'return tenant && reference.startsWith(tenant.tenantId.slice(0, 4)) ? tenant : undefined;',
    caughtBy: frontDoor,
  },
  {
    what: 'whatever tenant is asked for is read',
    file: 'functions/http/reachable-tenant.ts',
    right: "await (reach === 'own' ? ownTenant(principal, reference) : findTenant(reference));",
    wrong: 'await findTenant(reference);',
    caughtBy: frontDoor,
  },
  {
    what: 'a problem repeats the path that was asked for',
    file: 'functions/shell/problems.ts',
    right: 'instance: requestInstance(requestId),',
    wrong: 'instance: event.rawPath,',
    caughtBy: shellTests,
  },
  {
    what: 'the reach is not asked for the tenant of an operation',
    file: 'functions/http/operations.ts',
    right: "if (reach !== 'any' && !(tenant && reaches(principal, reach, tenant))) throw notFound();",
    wrong: "if (reach !== 'any' && !tenant) throw notFound();",
    caughtBy: frontDoor,
  },
  {
    what: 'sales lists what others onboarded',
    file: 'functions/http/tenants.ts',
    right: "...(reach === 'onboarded' && { onboardedBy: onboarderRef(principal) })",
    wrong: "...(reach === 'own' && { onboardedBy: onboarderRef(principal) })",
    caughtBy: frontDoor,
  },
  {
    what: 'a cursor of another list, or another tenant’s, is taken',
    file: 'stores/aws/pages.ts',
    right: 'if (encodeCursor(mark, position) !== cursor) throw foreignCursor();',
    wrong: '',
    caughtBy: frontDoor,
  },
];
