import { expect, test } from 'vitest';
import { Turns } from '#local/gateway/turns.ts';

/** Who began, in order, when each caller asks for so many turns, one after another and all in one turn of the loop. */
const begun = async (turns: Turns, asked: readonly (readonly [string, number])[]) => {
  const order: string[] = [];
  const all = asked.flatMap(([caller, times]) =>
    Array.from({ length: times }, async () => {
      await turns.take(caller);
      order.push(caller);
    }),
  );
  await Promise.all(all);
  return order;
};

test('who comes after a crowd of one caller does not wait for the crowd', async () => {
  const order = await begun(new Turns(), [
    ['crowd', 20],
    ['other', 1],
    ['third', 1],
  ]);
  expect(order.slice(0, 4)).toEqual(['crowd', 'crowd', 'other', 'third']);
});

test('everyone of a crowd begins, in the order in which they came', async () => {
  const turns = new Turns();
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 25 }, async (_none, index) => {
      await turns.take('crowd');
      order.push(index);
    }),
  );
  expect(order).toEqual(Array.from({ length: 25 }, (_none, index) => index));
});

test('two crowds share each turn of the loop', async () => {
  const order = await begun(new Turns(), [
    ['a', 6],
    ['b', 6],
  ]);
  expect(order.join('')).toBe('aabbaabbaabb');
});

test('one who comes later begins at once', async () => {
  const turns = new Turns();
  await begun(turns, [['crowd', 9]]);
  expect(await begun(turns, [['crowd', 1]])).toEqual(['crowd']);
});
