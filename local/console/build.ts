import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, glob, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What the console's pages are made of: a change to any of it makes them anew. */
const sources = ['console/**/*', 'core/contract/*.ts', 'workflows/*.json', 'package-lock.json'];

const fingerprint = async (root: string): Promise<string> => {
  const files: string[] = [];
  for await (const entry of glob(sources, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.toSorted()) hash.update(file.slice(root.length)).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
};

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

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

/** What was built of other sources is of no use any more: a run that serves it has read it already. */
const removeOthers = async (folder: string, built: string) => {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{16}$/.test(name) && join(folder, name) !== built);
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
};

/** The folder of the console's pages: as built before, unless something they are made of has changed. */
export const builtConsole = async (root: string): Promise<string> => {
  const folder = join(root, '.tenantry', 'console');
  const built = join(folder, await fingerprint(root));
  if (await exists(built)) return built;
  const target = `${built}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  await build(root, target);
  try {
    await rename(target, built);
    await removeOthers(folder, built);
  } catch (error) {
    // Another run was quicker with the same.
    if (!(await exists(built))) throw error;
    await rm(target, { recursive: true });
  }
  return built;
};
