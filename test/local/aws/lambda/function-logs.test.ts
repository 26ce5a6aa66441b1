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
  const file = await LogFile.open({ path });
  const metrics: MetricLine[] = [];
  const logs = new FunctionLogs({ write: (line) => file.write(line), onMetric: (metric) => metrics.push(metric) });
  const { invoke } = aRuntime({ talker: aFunction('print'), bad: aFunction('misbehave') }, { onFailure: logs.failed });

  const release = logs.capture();
  await invoke('talker', { tenantId: 'tn_7' });
  await expect(invoke('bad', { does: 'throw', tenantId: 'tn_8' })).rejects.toThrow('The shard is away.');
  release();
  await file.flush();

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

test('a log goes on where it ended, and what has grown too large is put aside and at last dropped', async () => {
  const path = join(folder, 'functions.ndjson');
  for (const number of [1, 2, 3, 4, 5]) {
    const file = await LogFile.open({ path, maxBytes: 10, kept: 2 });
    file.write(JSON.stringify({ number }));
    await file.flush();
  }
  expect((await readdir(folder)).toSorted()).toStrictEqual([
    'functions.1.ndjson',
    'functions.2.ndjson',
    'functions.ndjson',
  ]);
  expect(await linesOf(path)).toStrictEqual([{ number: 5 }]);
  expect(await linesOf(join(folder, 'functions.1.ndjson'))).toStrictEqual([{ number: 4 }]);
});

test('a log that cannot be written says so', async () => {
  const file = await LogFile.open({ path: join(folder, 'gone', 'functions.ndjson') });
  await rm(join(folder, 'gone'), { recursive: true });
  file.write('{}');
  await expect(file.flush()).rejects.toThrow('cannot be written');
});
