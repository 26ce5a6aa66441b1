import { afterAll, beforeAll, expect, test } from 'vitest';
import { newSystem, type System } from '#test/local/system/harness.ts';
import {
  aParty,
  defineTellingFlag,
  interleave,
  leaksInLogs,
  type Party,
  readableBy,
} from '#test/local/system/interleave.ts';
import { report, seeded } from './seeded.ts';

let system: System;
let parties: Party[];
beforeAll(async () => {
  system = await (await newSystem()).start();
  parties = await Promise.all(Array.from({ length: 64 }, () => aParty(system)));
  await defineTellingFlag(system, parties);
});
afterAll(() => system.remove());

test('64 tenants that read 100,000 times at once see nothing of each other, nor does a line of the log', async () => {
  const { reads, byStatus, operations, leaks, askedBy } = await interleave(system, parties, seeded(64), {
    reads: 100_000,
    atOnce: 32,
  });
  const logged = await leaksInLogs(system, parties, askedBy);
  report('interleaved', {
    tenants: parties.length,
    reads,
    byStatus,
    operations: operations.length,
    foreignAnswers: leaks.length,
    logLines: logged.lines,
    foreignLogLines: logged.leaks.length,
  });
  expect(leaks.slice(0, 5)).toEqual([]);
  expect(logged.leaks.slice(0, 5)).toEqual([]);
  expect(operations).toEqual(readableBy);
});
