import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import { openState } from '#local/state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-state-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const all = async <T>(entries: AsyncIterable<T>) => Array.fromAsync(entries);

describe('the state of the local services', () => {
  test('is there again after it was closed and opened', async () => {
    const first = await openState(folder);
    await first.section('letters').put('a', { text: 'hello' });
    await first.close();
    const second = await openState(folder);
    expect(second.section('letters').get('a')).toEqual({ text: 'hello' });
    await second.close();
  });

  test('keeps sections apart and lists one in the order of its keys', async () => {
    const state = await openState();
    const letters = state.section<number>('letters');
    await state.write([
      letters.putting('b', 2),
      letters.putting('a', 1),
      state.section('letters-more').putting('c', 3),
      state.section('letter').putting('d', 4),
    ]);
    expect(await all(letters.entries())).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    await letters.delete('a');
    expect(letters.get('a')).toBeUndefined();
    expect(await all(letters.entries())).toEqual([['b', 2]]);
    await state.close();
  });

  test('writes all of several writes or none', async () => {
    const state = await openState();
    const letters = state.section<unknown>('letters');
    await expect(state.write([letters.putting('a', 1), letters.putting('b', 2n)])).rejects.toThrow('BigInt');
    expect(letters.get('a')).toBeUndefined();
    await state.close();
  });

  test('refuses a folder of an earlier version and says what to do', async () => {
    mkdirSync(join(folder, 'state'));
    await expect(openState(folder)).rejects.toThrow('begin anew with --fresh');
  });

  test('refuses a second run on the same folder and says what to do', async () => {
    const state = await openState(folder);
    const script = `import { openState, State } from '#local/state.ts'; await openState(${JSON.stringify(folder)});`;
    const second = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(second.status).toBe(1);
    expect(second.stderr).toContain(`Another local run is using ${folder}`);
    await state.close();
  });
});

describe('the virtual clock', () => {
  test('runs what is due in the order of its times, each at its own time', async () => {
    const clock = new VirtualClock(await openState());
    const start = clock.now();
    const seen: [string, number][] = [];
    const note = (name: string) => () => seen.push([name, Math.round((clock.now() - start) / 60_000)]);
    clock.after(120_000, note('second'));
    clock.after(60_000, note('first'));
    clock.after(240_000, note('not yet'));
    clock.after(90_000, note('cancelled')).cancel();
    await clock.advance(200);
    expect(seen).toEqual([
      ['first', 1],
      ['second', 2],
    ]);
    expect(clock.now() - start).toBeGreaterThanOrEqual(200_000);
    clock.close();
  });

  test('runs on one jump what is set on the way', async () => {
    const clock = new VirtualClock(await openState());
    let ticks = 0;
    const tick = () => {
      ticks += 1;
      clock.after(60_000, tick);
    };
    clock.after(60_000, tick);
    await clock.advance(600);
    expect(ticks).toBe(10);
    clock.close();
  });

  test('flows by itself', async () => {
    const clock = new VirtualClock(await openState());
    await new Promise<void>((resolve) => {
      clock.after(5, resolve);
      setTimeout(() => undefined, 1000).unref();
    });
    clock.close();
  });

  test('stays ahead after a restart', async () => {
    const state = await openState(folder);
    await new VirtualClock(state).advance(86_400);
    await state.close();
    const again = await openState(folder);
    expect(new VirtualClock(again).now()).toBeGreaterThanOrEqual(Date.now() + 86_399_000);
    await again.close();
  });
});
