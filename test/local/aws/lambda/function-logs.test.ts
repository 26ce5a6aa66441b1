import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FunctionLogs, type MetricLine } from '#local/aws/lambda/function-logs.ts';
import { LogFile } from '#local/aws/lambda/log-file.ts';
import { aFunction, aRuntime } from './runtime-builder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantry-logs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const linesOf = async (path: string) =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

test('what a function prints becomes JSON lines that name it, and its metrics are passed on', async () => {
  const path = join(folder, 'logs', 'functions.ndjson');
  const file = new LogFile(path);
  const metrics: MetricLine[] = [];
  const logs = new FunctionLogs({ write: (line) => file.write(line), onMetric: (metric) => metrics.push(metric) });
  const { invoke } = aRuntime({ talker: aFunction('print'), bad: aFunction('misbehave') }, { onFailure: logs.failed });

  const release = logs.capture();
  await invoke('talker', { tenantId: 'tn_7' });
  await expect(invoke('bad', { does: 'throw', tenantId: 'tn_8' })).rejects.toThrow('The shard is away.');
  release();
  await file.close();

  const run = { function: 'talker', requestId: expect.any(String) };
  expect(await linesOf(path)).toStrictEqual([
    expect.objectContaining({ ...run, message: 'A tenant is here', tenantId: 'tn_7', level: 'INFO' }),
    expect.objectContaining({ ...run, message: 'plain text', level: 'INFO' }),
    expect.objectContaining({ ...run, message: '{not json', level: 'ERROR' }),
    expect.objectContaining({ ...run, RollbackFailed: 1 }),
    expect.objectContaining({
      function: 'bad',
      tenantId: 'tn_8',
      level: 'ERROR',
      error: expect.objectContaining({ errorType: 'ShardUnreachable' }),
    }),
  ]);
  expect(metrics).toStrictEqual([expect.objectContaining({ RollbackFailed: 1 })]);
});

test('what is printed outside of functions stays in the terminal', async () => {
  const taken: string[] = [];
  const printed: string[] = [];
  const terminal = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0;
  const release = new FunctionLogs({ write: (line) => taken.push(line), onMetric: () => undefined }).capture();
  process.stdout.write('for the person\n');
  release();
  process.stdout.write = terminal;
  expect(printed).toStrictEqual(['for the person\n']);
  expect(taken).toStrictEqual([]);
});

test('a log goes on where it ended, and one that has grown too large makes room', async () => {
  const path = join(folder, 'functions.ndjson');
  for (const number of [1, 2, 3, 4]) {
    const file = new LogFile(path, 20);
    file.write(JSON.stringify({ number }));
    await file.close();
  }
  expect((await readdir(folder)).toSorted()).toStrictEqual(['functions.ndjson', 'functions.ndjson.1']);
  expect(await linesOf(`${path}.1`)).toStrictEqual([{ number: 1 }, { number: 2 }]);
  expect(await linesOf(path)).toStrictEqual([{ number: 3 }, { number: 4 }]);
});

test('a log that cannot be written says so', () => {
  expect(() => new LogFile(join('/dev/null', 'logs', 'functions.ndjson'))).toThrow('ENOTDIR');
});
