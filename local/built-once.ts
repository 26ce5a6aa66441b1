import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** What was built of other parts is of no use any more: a run that uses it has read it already. */
const removeOthers = async (folder: string, built: string) => {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{16}$/.test(name) && join(folder, name) !== built);
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
};

const buildWhole = async (folder: string, built: string, build: (folder: string) => Promise<void>) => {
  if (await exists(built)) return;
  const target = `${built}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  try {
    await build(target);
    await rename(target, built);
    await removeOthers(folder, built);
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    // Another process may have been quicker with the same.
    if (!(await exists(built))) throw error;
  }
};

const underWay = new Map<string, Promise<void>>();

/**
 * The folder that `build` fills, under the project's `.tenantry`: as it was built before, unless one of the `parts` it
 * is made of has changed, or the packages that make it. It may be called many times at once, by several processes:
 * none sees half of it.
 */
export const builtOnce = async (
  { root, name, parts }: { root: string; name: string; parts: readonly (string | Buffer)[] },
  build: (folder: string) => Promise<void>,
): Promise<string> => {
  const folder = join(root, '.tenantry', name);
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')));
  for (const part of parts) hash.update(part);
  const built = join(folder, hash.digest('hex').slice(0, 16));
  const building = underWay.get(built) ?? buildWhole(folder, built, build).finally(() => underWay.delete(built));
  underWay.set(built, building);
  await building;
  return built;
};
