import { expect, test } from 'vitest';
import { compare, everyPair } from '#test/proofs/cedar/oracle.ts';
import { seeded } from '#test/proofs/seeded.ts';

// `npm run prove` asks a million.
test('the product decides 20,000 requests as the same rules written in Cedar do', () => {
  const { allowed, asked, pairs, disagreements } = compare(seeded(64), 20_000);
  expect(disagreements.slice(0, 5)).toEqual([]);
  expect(pairs).toEqual(expect.arrayContaining([...everyPair]));
  expect(allowed).toBeGreaterThan(asked / 5);
  expect(asked - allowed).toBeGreaterThan(asked / 5);
});
