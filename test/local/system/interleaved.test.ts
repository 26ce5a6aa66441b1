import { afterAll, beforeAll, expect, it } from 'vitest';
import { seeded } from '#test/proofs/seeded.ts';
import { newSystem, type System } from './harness.ts';
import { aParty, defineTellingFlag, interleave, leaksInLogs, type Party, readableBy } from './interleave.ts';

let system: System;
let parties: Party[];
beforeAll(async () => {
  system = await (await newSystem()).start();
  parties = await Promise.all(Array.from({ length: 8 }, () => aParty(system)));
  await defineTellingFlag(system, parties);
});
afterAll(() => system.remove());

// `npm run prove` does it with 64 tenants and 100,000 reads.
it('tenants that read at the same time are answered what is their own, and the log keeps them apart', async () => {
  const found = await interleave(system, parties, seeded(8), { reads: 1_500, atOnce: 16 });
  expect(found.leaks.slice(0, 5)).toEqual([]);
  expect(found.operations).toEqual(readableBy);
  expect(Object.keys(found.byStatus).toSorted()).toEqual(['200', '400', '404']);
  const logged = await leaksInLogs(system, parties, found.askedBy);
  expect(logged.leaks.slice(0, 5)).toEqual([]);
  expect(logged.judged).toBeGreaterThan(0);
});
