import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Every bench, or those that are named: one after the other, each in a process of its own, one JSON line each. */
const benches = ['onboarding', 'fairness', 'flags', 'flag-preview', 'suspension'] as const;

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(benches as readonly string[]).includes(name));
if (unknown.length > 0)
  throw new TypeError(`There is no bench ${unknown.join(', ')}; there are ${benches.join(', ')}.`);

for (const name of benches.filter((one) => named.length === 0 || named.includes(one))) {
  const bench = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' });
  const [code] = (await once(bench, 'exit')) as [number | null];
  if (code !== 0) process.exitCode = 1;
}
