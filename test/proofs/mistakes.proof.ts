import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lane, type Outcome } from './mistakes/lane.ts';
import { mistakes } from './mistakes/list.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { report } from './seeded.ts';

let lanes: Lane[] = [];
const free: Lane[] = [];
const waiting: ((lane: Lane) => void)[] = [];

beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, () => Lane.open()));
  free.push(...lanes);
});
afterAll(() => Promise.all(lanes.map((lane) => lane.close())));

/** Works in the next lane that is free. */
const inLane = async <Done>(work: (lane: Lane) => Promise<Done>): Promise<Done> => {
  const lane = free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
  try {
    return await work(lane);
  } finally {
    const next = waiting.shift();
    if (next) next(lane);
    else free.push(lane);
  }
};

const startsTheProduct = ({ caughtBy }: Mistake) => caughtBy.some((file) => file.startsWith('test/local/system'));
/** What takes longest is begun first, so that it does not end alone. */
const longestFirst = [
  ...mistakes.filter(startsTheProduct),
  ...mistakes.filter((mistake) => !startsTheProduct(mistake)),
];
const outcomes = new Map<string, Outcome>();

describe.concurrent('without a mistake', () => {
  const files = [...new Set(mistakes.flatMap(({ caughtBy }) => caughtBy))];
  test.for(files)('%s passes', async (file) => {
    const { success, failures } = await inLane((lane) => lane.run([file]));
    expect(failures).toEqual([]);
    expect(success).toBe(true);
  });
});

describe.concurrent('it is caught that', () => {
  // A name made by a template would be cut off.
  for (const mistake of longestFirst) {
    test(mistake.what, async () => {
      const outcome = await inLane((lane) => lane.try(mistake));
      outcomes.set(mistake.what, outcome);
      expect(outcome).toMatchObject({ kind: 'caught' });
    });
  }
});

test('at least 40 mistakes are tried, each another one', () => {
  expect(new Set(mistakes.map(({ what }) => what)).size).toBe(mistakes.length);
  expect(mistakes.length).toBeGreaterThanOrEqual(40);
});

afterAll(() => {
  const survivors = [...outcomes].filter(([, { kind }]) => kind !== 'caught').map(([what]) => what);
  report('mistakes', { caught: outcomes.size - survivors.length, total: outcomes.size, survivors });
});
