import type { Mistake } from './mistake.ts';

/** Mistakes about what browsers and curious people are told. */
export const webMistakes: readonly Mistake[] = [
  {
    what: 'answers may be kept by caches',
    file: 'core/contract/api/http.ts',
    right: "'cache-control': 'no-store',",
    wrong: "'cache-control': 'public',",
    caughtBy: ['test/unit/core/contract/api/http.test.ts'],
  },
  {
    what: 'a header that says how an answer may be used is left out',
    file: 'functions/shell/http.ts',
    right: "headers: { ...securityHeaders, 'content-type': contentType,",
    wrong: "headers: { 'content-type': contentType,",
    caughtBy: ['test/unit/functions/shell/http.test.ts'],
  },
  {
    what: 'a problem says nothing of how it may be used',
    file: 'functions/shell/problems.ts',
    right: '      ...securityHeaders,\n',
    wrong: '',
    caughtBy: ['test/unit/functions/shell/http.test.ts'],
  },
  {
    what: 'pages of every origin may read answers',
    file: 'local/gateway/cors.ts',
    right: 'if (origin === undefined || !webOrigins.includes(origin)) return false;',
    wrong: 'if (origin === undefined) return false;',
    caughtBy: ['test/local/gateway/cors.test.ts'],
  },
  {
    what: 'origins are compared by prefix',
    file: 'local/gateway/cors.ts',
    right: '!webOrigins.includes(origin)',
    wrong: '!webOrigins.some((known) => origin.startsWith(known))',
    caughtBy: ['test/local/gateway/cors.test.ts'],
  },
  {
    what: 'in AWS, pages of every origin may read answers',
    file: 'lib/control-plane/http-api.ts',
    right: 'allowOrigins: [...webOrigins],',
    wrong: "allowOrigins: ['*'],",
    caughtBy: ['test/infra/templates.test.ts'],
  },
];
