import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { apiPage } from './pages/api.ts';
import { cliPage } from './pages/cli.ts';
import { errorsPage } from './pages/errors.ts';
import { eventsPage } from './pages/events.ts';
import { kindsTable } from './pages/kinds.ts';
import { onboardingPicture } from './pages/onboarding-picture.ts';

const root = new URL('../', import.meta.url);

/** Replaces the text between the markers `<!-- name -->` and `<!-- /name -->` of a page. */
function between(text: string, name: string, content: string): string {
  const [before, rest] = text.split(`<!-- ${name} -->\n`);
  const [, after] = rest?.split(`<!-- /${name} -->`) ?? [];
  if (before === undefined || after === undefined) throw new Error(`The page has no markers <!-- ${name} -->`);
  return `${before}<!-- ${name} -->\n${content}\n<!-- /${name} -->${after}`;
}

/** The generated pages, in full or in part: a function from the current text to the wanted text. */
const pages: Readonly<Record<string, (text: string) => string | Promise<string>>> = {
  'docs/api.md': apiPage,
  'docs/cli.md': cliPage,
  'docs/errors.md': errorsPage,
  'docs/events.md': eventsPage,
  'docs/operations.md': (text) => between(text, 'kinds', kindsTable()),
  'README.md': (text) => between(text, 'onboarding', onboardingPicture()),
};

const isOnlyChecking = process.argv.includes('--check');
const outdated: string[] = [];
for (const [path, make] of Object.entries(pages)) {
  const file = new URL(path, root);
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  const made = await make(text);
  if (made === text) continue;
  outdated.push(path);
  if (!isOnlyChecking) await writeFile(file, made);
}

if (isOnlyChecking && outdated.length > 0) {
  console.error(`Out of date: ${outdated.join(', ')}. Run "npm run docs".`);
  process.exitCode = 1;
} else if (outdated.length > 0) {
  console.log(`Written: ${outdated.join(', ')}`);
}
