import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtOnce } from '#local/built-once.ts';

let root: string;
let builds: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tenantry-'));
  builds = 0;
  await writeFile(join(root, 'package-lock.json'), '{}');
});
afterEach(() => rm(root, { recursive: true }));

const build = async (folder: string) => {
  builds += 1;
  await mkdir(folder);
  await writeFile(join(folder, 'made'), String(builds));
};
const built = (...parts: string[]) => builtOnce({ root, name: 'pages', parts }, build);

test('what many ask for at once is built once, and stays', async () => {
  const [folder, ...others] = await Promise.all([built('a'), built('a'), built('a')]);
  expect(new Set([folder, ...others, await built('a')]).size).toBe(1);
  expect(builds).toBe(1);
  expect(await readFile(join(folder, 'made'), 'utf8')).toBe('1');
});

test('a part that has changed, or a package, has it built anew, and the old one removed', async () => {
  const old = await built('a', 'b');
  const other = await built('a', 'c');
  await writeFile(join(root, 'package-lock.json'), '{"changed":true}');
  const next = await built('a', 'c');
  expect(new Set([old, other, next]).size).toBe(3);
  expect(await readdir(join(root, '.tenantry', 'pages'))).toEqual([basename(next)]);
});

test('a build that fails is told, leaves nothing behind, and is tried again', async () => {
  const failing = builtOnce({ root, name: 'pages', parts: ['a'] }, async (folder) => {
    await build(folder);
    throw new Error('half made');
  });
  await expect(failing).rejects.toThrow('half made');
  expect(await readdir(join(root, '.tenantry', 'pages'))).toEqual([]);
  expect(await readFile(join(await built('a'), 'made'), 'utf8')).toBe('2');
});

test('where another process was quicker, its build is taken', async () => {
  const folder = await builtOnce({ root, name: 'pages', parts: ['a'] }, async (own) => {
    await build(own);
    const others = own.slice(0, own.lastIndexOf('.'));
    await mkdir(others);
    await writeFile(join(others, 'made'), 'by another');
  });
  expect(await readFile(join(folder, 'made'), 'utf8')).toBe('by another');
  expect(await readdir(join(root, '.tenantry', 'pages'))).toEqual([basename(folder)]);
});
