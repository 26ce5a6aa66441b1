import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Mistake } from './mistake.ts';

const root = path.join(import.meta.dirname, '../../..');
const leftOut = new Set(['node_modules', '.git', '.tenantry', 'cdk.out']);

export type Outcome =
  | { kind: 'caught'; by: string }
  | { kind: 'survived' }
  /** The code does not even load: no test has seen the mistake itself. */
  | { kind: 'broken'; why: string }
  | { kind: 'misplaced'; why: string };

interface Results {
  success: boolean;
  /** Names of the tests that failed. */
  failures: string[];
  /** What files said that could not be loaded. */
  messages: string[];
}

interface VitestReport {
  success: boolean;
  testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
}

/** A copy of the tree in which one mistake at a time is made, tried, and taken back. */
export class Lane {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<Lane> {
    const folder = await mkdtemp(path.join(tmpdir(), 'tenantry-mistakes-'));
    // Clusters of the copy run under an account of their own, which must be able to pass.
    await chmod(folder, 0o755);
    await cp(root, folder, { recursive: true, filter: (source) => !leftOut.has(path.relative(root, source)) });
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    return new Lane(folder);
  }

  close(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  async try({ caughtBy, ...edit }: Mistake): Promise<Outcome> {
    let takeBack: () => Promise<void>;
    try {
      takeBack = await this.edit(edit);
    } catch (error) {
      return { kind: 'misplaced', why: String(error) };
    }
    try {
      return outcomeOf(await this.run(caughtBy));
    } finally {
      await takeBack();
    }
  }

  /** Replaces a text that the file has once, and returns how to take that back; throws where it is not there once. */
  async edit({ file, right, wrong }: Pick<Mistake, 'file' | 'right' | 'wrong'>): Promise<() => Promise<void>> {
    const place = path.join(this.#folder, file);
    const before = await readFile(place, 'utf8');
    const found = before.split(right).length - 1;
    if (found !== 1) throw new Error(`${file} has the text ${found} times: ${right}`);
    // A function as replacement: `$` means nothing in it.
    await writeFile(
      place,
      before.replace(right, () => wrong),
    );
    return () => writeFile(place, before);
  }

  async add(file: string, content: string): Promise<void> {
    const place = path.join(this.#folder, file);
    await mkdir(path.dirname(place), { recursive: true, mode: 0o755 });
    await writeFile(place, content);
  }

  /** What the compiler says of the copy; nothing where all is well. */
  async compile(): Promise<string> {
    const child = spawn(path.join(this.#folder, 'node_modules/.bin/tsc'), ['--noEmit'], { cwd: this.#folder });
    const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return said;
  }

  /** Runs test files of the copy up to the first failure. */
  async run(files: readonly string[]): Promise<Results> {
    const temporary = path.join(this.#folder, 'temporary');
    const output = path.join(temporary, 'results.json');
    await mkdir(temporary, { mode: 0o755 });
    const command = ['node_modules/vitest/vitest.mjs', 'run', ...files];
    const options = ['--reporter=json', `--outputFile=${output}`, '--bail=1', '--maxWorkers=1'];
    // Many a mistake shows in that something never comes: a third of the time in which it may come tells as much.
    const env = { ...process.env, TMPDIR: temporary, TEST_PATIENCE_MS: '20000' };
    const how = { cwd: this.#folder, env, stdio: 'ignore', detached: true } as const;
    const child = spawn(process.execPath, [...command, ...options], how);
    try {
      await once(child, 'exit');
      return await resultsOf(output);
    } finally {
      // A test that is cut off leaves the product running that it has started, and that its clusters.
      if (child.pid !== undefined) signal(-child.pid, 'SIGKILL');
      await stopClusters(temporary);
      await rm(temporary, { recursive: true, force: true });
    }
  }
}

const resultsOf = async (output: string): Promise<Results> => {
  const { success, testResults } = JSON.parse(await readFile(output, 'utf8')) as VitestReport;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    success,
    failures: tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    messages: testResults.map(({ message }) => message).filter((message) => message !== ''),
  };
};

/** Whether there was such a process, or with a negative number a group of them, to get the signal. */
const signal = (pid: number, name: 'SIGINT' | 'SIGKILL' | 0): boolean => {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
};

/** Ends the clusters that outlived the product; until then they write to what is to be deleted. */
const stopClusters = async (folder: string) => {
  for await (const file of glob('*/postgres/*/data/postmaster.pid', { cwd: folder })) {
    const place = path.join(folder, file);
    const [pid = ''] = (await readFile(place, 'utf8')).split('\n');
    signal(Number(pid), 'SIGINT');
    // It takes its file away at the end of its work.
    while (existsSync(place) && signal(Number(pid), 0)) await delay(20);
  }
};

const outcomeOf = ({ success, failures, messages }: Results): Outcome => {
  const [by] = failures;
  if (by !== undefined) return { kind: 'caught', by };
  return success ? { kind: 'survived' } : { kind: 'broken', why: messages.join('\n').slice(0, 1000) };
};
