import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtOnce } from '#local/built-once.ts';

/** What the console's pages are made of: a change to any of it makes them anew. */
const sources = ['console/**/*', 'core/contract/**/*.ts', 'workflows/*.json'];

const readSources = async (root: string): Promise<(string | Buffer)[]> => {
  const files: string[] = [];
  for await (const entry of glob(sources, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const parts = files.toSorted().map(async (file) => [file.slice(root.length), await readFile(file)]);
  return (await Promise.all(parts)).flat();
};

/** In a process of its own, so that it takes the other core while the clusters start. */
const build = async (root: string, target: string) => {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', 'console', '--outDir', target, '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => said.push(text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The console could not be built:\n${Buffer.concat(said).toString()}`);
};

/** The folder of the console's pages. */
export const builtConsole = async (root: string): Promise<string> =>
  builtOnce({ root, name: 'console', parts: await readSources(root) }, (folder) => build(root, folder));
