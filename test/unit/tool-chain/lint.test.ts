import { beforeAll, expect, test } from 'vitest';
import { lintTree } from './linted-tree.ts';

interface Room {
  /** A file of the room, or the folder in which files of it lie. */
  at: string;
  allowed: readonly string[];
  forbidden: readonly string[];
}

const words = (text: string) => text.split(' ');
const everyoneElse = words('#lib/app.ts #cli/main.ts #console/main.ts #test/builders.ts');

/** The import table: what each room may import, and what it may not. */
const rooms: readonly Room[] = [
  {
    at: 'core/tenant',
    allowed: words('./transitions.ts #core/keys.ts #core/contract/api/errors.ts zod'),
    forbidden: [
      ...everyoneElse,
      ...words('#config #stores/registry/commit.ts #functions/manifest.ts #functions/deps.ts #local/clock.ts'),
      ...words('@aws-sdk/client-dynamodb @middy/core pg'),
      ...words('node:fs node:http node:process node:timers/promises crypto'),
    ],
  },
  {
    at: 'core/contract',
    allowed: words('./errors.ts #core/contract/platform/names.ts zod'),
    forbidden: words('#core/keys.ts #core/tenant/transitions.ts #stores/registry/commit.ts canonicalize node:crypto'),
  },
  {
    at: 'stores/postgres',
    allowed: words('./roles.ts #stores/aws/pages.ts #core/change.ts @aws-sdk/lib-dynamodb pg node:path'),
    forbidden: [
      ...everyoneElse,
      ...words('#functions/deps.ts #local/clock.ts @middy/core @aws-lambda-powertools/logger'),
    ],
  },
  {
    at: 'functions/operation',
    allowed: [
      ...words('./run-key.ts #functions/shell/task.ts #core/keys.ts @middy/core'),
      ...words('#stores/registry/commit.ts #stores/tenant-database.ts'),
    ],
    forbidden: [
      ...everyoneElse,
      ...words('#local/clock.ts @aws-sdk/client-dynamodb pg aws-cdk-lib'),
      ...words('#stores/postgres/roles.ts #stores/postgres/isolation/isolation-check.ts'),
    ],
  },
  {
    at: 'functions/manifest.ts',
    allowed: words('#core/contract/api/routes.ts ./function-spec.ts'),
    forbidden: words(
      './shell/http.ts ./deps.ts #core/keys.ts #stores/registry/commit.ts #functions/deps.ts #config @middy/core zod',
    ),
  },
  {
    at: 'workflows',
    allowed: words('./asl.ts #core/contract/api/errors.ts #functions/manifest.ts'),
    forbidden: [
      ...everyoneElse,
      ...words('#core/keys.ts #stores/registry/commit.ts #functions/deps.ts #local/clock.ts aws-cdk-lib zod'),
    ],
  },
  {
    at: 'lib/data',
    allowed: [
      ...words('#core/contract/platform/tables.ts #functions/manifest.ts #functions/function-spec.ts'),
      ...words('#workflows/workflows.ts aws-cdk-lib/aws-s3 constructs'),
    ],
    forbidden: [
      ...words(
        '#core/keys.ts #functions/deps.ts #functions/http/tenants.ts #stores/registry/commit.ts #local/clock.ts',
      ),
      ...words('#cli/main.ts #console/main.ts #test/builders.ts @aws-sdk/client-dynamodb'),
    ],
  },
  {
    at: 'local/aws/eventbridge',
    allowed: words(
      './rules.ts #core/keys.ts #stores/registry/commit.ts #functions/manifest.ts #workflows/workflows.ts fauxqs',
    ),
    forbidden: everyoneElse,
  },
  {
    at: 'cli/commands',
    allowed: words('./tenants.ts #cli/table.ts #core/contract/api/client.ts commander listr2'),
    forbidden: [
      ...words('#core/keys.ts #stores/registry/commit.ts #functions/manifest.ts #local/clock.ts #lib/app.ts'),
      ...words('#console/main.ts #test/builders.ts @aws-sdk/client-dynamodb pg'),
    ],
  },
  {
    at: 'console/tenants',
    allowed: [
      ...words('./tenant-columns.tsx #console/shared/time.tsx #core/contract/api/client.ts #workflows/a.asl.json'),
      ...words('@cloudscape-design/components/table react react-dom/client react-router @tanstack/react-query zod'),
    ],
    forbidden: [
      ...words('#config #core/keys.ts #stores/registry/commit.ts #functions/manifest.ts #local/clock.ts #lib/app.ts'),
      ...words('#workflows/workflows.ts #cli/main.ts #test/builders.ts @aws-sdk/client-dynamodb pg node:fs'),
    ],
  },
  {
    at: 'test/unit',
    allowed: words(
      '#core/keys.ts #stores/registry/commit.ts #functions/manifest.ts #lib/app.ts #local/clock.ts #cli/main.ts',
    ),
    forbidden: [],
  },
];

/** Another folder's file is named by its room, everywhere. */
const upwards = ['../keys.ts', '../../stores/registry/commit.ts', './../keys.ts', './deep/../../keys.ts'];

/** Every way to import. */
const wordings: readonly ((from: string) => string)[] = [
  (from) => `export { a } from '${from}';\n`,
  (from) => `export * from '${from}';\n`,
  (from) => `export type { A } from '${from}';\n`,
  (from) => `import { a } from '${from}';\n\nexport const b = [a];\n`,
  (from) => `import type { A } from '${from}';\n\nexport const b = (a: A) => [a];\n`,
  (from) => `export const load = () => import('${from}');\n`,
];

const files = new Map<string, string>();
let fired: Map<string, string[]>;

const add = (folder: string, text: string) => {
  const file = folder.endsWith('.ts') ? folder : `${folder}/case-${files.size}.ts`;
  files.set(file, text);
  return file;
};

const cases = rooms.flatMap(({ at, allowed, forbidden }) => {
  // One file can be tried with one text only: it holds all that is refused, each found at its own import.
  if (at.endsWith('.ts')) {
    const file = add(
      at,
      [...allowed, ...forbidden].map((from, index) => `export { a as a${index} } from '${from}';\n`).join(''),
    );
    return [{ at, from: forbidden.join(', '), files: [file], refusals: forbidden.length }];
  }
  return [
    ...allowed.map((from) => ({ at, from, files: wordings.map((say) => add(at, say(from))), refusals: 0 })),
    ...[...forbidden, ...upwards].map((from) => ({
      at,
      from,
      files: wordings.map((say) => add(at, say(from))),
      refusals: 1,
    })),
  ];
});

const habits = [
  { rule: 'no-explicit-any', text: 'export const parse = (text: string): any => text;\n' },
  { rule: 'no-floating-promises', text: 'const later = async () => 1;\nexport const go = () => {\n  later();\n};\n' },
  { rule: 'no-default-export', text: 'const answer = 42;\nexport default answer;\n' },
  { rule: 'max-lines', text: Array.from({ length: 301 }, (_, line) => `export const a${line} = ${line};\n`).join('') },
  { rule: 'no-non-null-assertion', text: 'export const first = (list: string[]) => list[0]!;\n' },
  {
    rule: 'no-empty',
    text: 'export const parse = (text: string) => {\n  try {\n    JSON.parse(text);\n  } catch {}\n};\n',
  },
  { rule: 'consistent-type-imports', text: "export type A = import('./keys.ts').Key;\n" },
  { rule: 'no-restricted-properties', text: 'export const now = () => Date.now();\n' },
  { rule: 'no-restricted-properties', text: 'export const any = () => Math.random();\n' },
  { rule: 'no-restricted-globals', text: "export const region = () => process.env['AWS_REGION'];\n" },
  { rule: 'no-restricted-globals', text: 'export const later = (work: () => void) => setTimeout(work, 1);\n' },
  { rule: 'no-warning-comments', text: '// TODO: later\nexport const a = 1;\n' },
  {
    rule: 'switch-exhaustiveness-check',
    text: "export const say = (a: 'yes' | 'no') => {\n  switch (a) {\n    case 'yes':\n      return 1;\n  }\n  return 0;\n};\n",
  },
  { at: 'stores/registry', rule: 'no-restricted-properties', text: 'export const now = () => Date.now();\n' },
  { at: 'functions/http', rule: 'no-restricted-properties', text: 'export const now = () => Date.now();\n' },
  {
    at: 'functions/http',
    rule: 'no-restricted-imports',
    text: "import { setClock } from '#stores/aws/clock.ts';\n\nexport const a = [setClock];\n",
  },
].map((habit) => ({ ...habit, file: add(habit.at ?? 'core/tenant', habit.text) }));

const inCircle = ['core/tenant/hen.ts', 'core/tenant/egg.ts'] as const;
files.set(inCircle[0], "import { egg } from './egg.ts';\n\nexport const hen = () => [egg];\n");
files.set(inCircle[1], "import { hen } from './hen.ts';\n\nexport const egg = () => [hen];\n");

const clean = [
  add('core/tenant', Array.from({ length: 300 }, (_, line) => `export const a${line} = ${line};\n`).join('')),
  add('test/unit', 'export const first = (list: string[]) => list[0]!;\n'),
];
files.set('a.config.ts', 'export default { a: 1 };\n');

beforeAll(() => {
  fired = lintTree(files);
});

test.for(cases.filter(({ refusals }) => refusals > 0))('$at may not import $from', ({ files: tried, refusals }) => {
  for (const file of tried)
    expect(fired.get(file), files.get(file)).toEqual(Array(refusals).fill('no-restricted-imports'));
});

test.for(cases.filter(({ refusals }) => refusals === 0))('$at may import $from', ({ files: tried }) => {
  for (const file of tried) expect(fired.get(file), files.get(file)).toEqual([]);
});

test.for(habits)('$rule fires', ({ rule, file }) => {
  expect(fired.get(file)).toEqual([rule]);
});

test('files that import each other are refused', () => {
  for (const file of inCircle) expect(fired.get(file)).toEqual(['no-cycle']);
});

test('what is in order is left alone', () => {
  for (const file of [...clean, 'a.config.ts']) expect(fired.get(file)).toEqual([]);
});
