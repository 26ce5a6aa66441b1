import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { errorCodes } from '#core/contract/api/errors.ts';
import { routeTable } from '#core/contract/api/routes.ts';
import { actionNames, inboundEvents } from '#core/contract/events/catalogue.ts';
import { operationKindNames, stepsOf } from '#core/operation/kinds.ts';

const read = (path: string) => readFile(path, 'utf8');

test('the generated pages are up to date', async () => {
  const { stderr } = await promisify(execFile)(process.execPath, ['docs/build.ts', '--check']).catch(
    (failed: { stderr: string }) => failed,
  );
  expect(stderr).toBe('');
});

test('every error, event, route, step and kind of operation is described', async () => {
  const [errors, events, api, readme, operations] = await Promise.all(
    ['docs/errors.md', 'docs/events.md', 'docs/api.md', 'README.md', 'docs/operations.md'].map(read),
  );
  expect(errorCodes.filter((code) => !errors?.includes(`| \`${code}\` |`))).toEqual([]);
  expect([...actionNames, ...Object.keys(inboundEvents)].filter((name) => !events?.includes(`\`${name}\``))).toEqual(
    [],
  );
  expect(routeTable.filter(({ method, path }) => !api?.includes(`### ${method} ${path}\n`))).toEqual([]);
  expect(operationKindNames.filter((kind) => !operations?.includes(`| \`${kind}\` |`))).toEqual([]);
  expect(stepsOf('onboard').filter((step) => !readme?.includes(`${step}[${step}]`))).toEqual([]);
});

test('every link between pages leads to a file', async () => {
  const broken: string[] = [];
  for await (const file of glob(['README.md', 'docs/*.md'])) {
    const text = (await read(file)).replaceAll(/`[^`]*`/g, '');
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      if (target && !existsSync(join(dirname(file), target))) broken.push(`${file}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});
