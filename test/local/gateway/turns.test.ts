import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from '#local/gateway/turns.ts';

/** Callers each of whose requests takes an eighth of a millisecond; tells who began, in order. */
const callers = () => {
  let now = 0;
  const turns = new Turns(() => now);
  const order: string[] = [];
  const one = async (caller: string) => {
    const turn = turns.take(caller);
    if (turn) await turn;
    order.push(caller);
    now += 0.125;
  };
  return {
    order,
    /** So many requests that come at once. */
    come: (caller: string, times: number) => Array.from({ length: times }, () => one(caller)),
  };
};

test('who comes after a crowd of one caller does not wait for the crowd', async () => {
  const { come, order } = callers();
  await Promise.all([...come('crowd', 100), ...come('other', 1), ...come('third', 1)]);
  expect(order.slice(8, 10)).toEqual(['other', 'third']);
});

test('a crowd gets less of a turn while others are about', async () => {
  const { come, order } = callers();
  await Promise.all(come('other', 1));
  await Promise.all([...come('crowd', 100), ...come('other', 1)]);
  expect(order.slice(0, 4)).toEqual(['other', 'crowd', 'crowd', 'other']);
});

test('everyone of a crowd begins, in the order in which they came', async () => {
  const turns = new Turns();
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 2_000 }, async (_none, index) => {
      await turns.take('crowd');
      order.push(index);
    }),
  );
  expect(order).toEqual(Array.from({ length: 2_000 }, (_none, index) => index));
});

test('two crowds share each turn of the loop', async () => {
  const { come, order } = callers();
  await Promise.all([...come('a', 1), ...come('b', 1)]);
  await nextTurn();
  await Promise.all([...come('a', 50), ...come('b', 50)]);
  const ahead = order.map((_caller, at) =>
    order.slice(0, at + 1).reduce((sum, caller) => sum + (caller === 'a' ? 1 : -1), 0),
  );
  expect(order).toHaveLength(102);
  expect(Math.max(...ahead.map(Math.abs))).toBeLessThanOrEqual(2);
});

test('one who comes later begins at once', async () => {
  const { come, order } = callers();
  await Promise.all(come('crowd', 50));
  const late = come('crowd', 1);
  expect(order).toHaveLength(51);
  await Promise.all(late);
});
