import { afterEach, expect, test } from 'vitest';
import { operationIdSchema } from '#core/contract/model/operation.ts';
import { firstIdAt } from '#core/type-id.ts';
import { deps } from '#functions/deps.ts';
import { setClock } from '#stores/aws/clock.ts';

afterEach(() => setClock(() => Date.now()));

const month = 30 * 86_400_000;

test('the first id of a moment comes before every id made from then on, and after those made before', () => {
  const id = deps.newOperationId();
  const now = Date.now();
  expect(firstIdAt('op', now - 1_000) < id).toBe(true);
  expect(firstIdAt('op', now + 1_000) > id).toBe(true);
  expect(firstIdAt('op', now)).toHaveLength(id.length);
});

test('ids are in the order they are made in, also within a millisecond and when the clock jumps', () => {
  const today = Date.now();
  const ids = [0, 0, 0, month, month, month].map((ahead) => {
    setClock(() => today + ahead);
    return operationIdSchema.parse(deps.newOperationId());
  });
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[3]! >= firstIdAt('op', today + month)).toBe(true);
});

test('an id is a UUID of version 7', () => {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  const bits = Array.from(deps.newTenantId().slice('tn_'.length), (digit) => BigInt(digits.indexOf(digit)));
  const hex = bits.reduce((sum, digit) => sum * 32n + digit, 0n).toString(16);
  expect(hex.padStart(32, '0')).toMatch(/^[\da-f]{12}7[\da-f]{3}[89ab][\da-f]{15}$/);
});
