import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition, Write } from '#core/change.ts';
import { conditionExpression, updateExpression } from '#stores/aws/expressions.ts';

const otherwise = { code: 'version_conflict', message: '' } as const;
const update = (
  write: Pick<Write & { kind: 'update' }, 'set' | 'add'>,
  condition: Condition = { equals: { version: 3 } },
) =>
  updateExpression({
    kind: 'update',
    table: 'tenants',
    key: { pk: 'p', sk: 's' },
    guard: { condition, otherwise },
    ...write,
  });

/** The expression as one would say it: placeholders replaced by what they stand for. */
const spoken = (
  text: string,
  { ExpressionAttributeNames, ExpressionAttributeValues }: ReturnType<typeof conditionExpression>,
) =>
  text.replaceAll(/[#:]\w+/g, (placeholder) =>
    placeholder.startsWith('#')
      ? (ExpressionAttributeNames[placeholder] ?? '?')
      : JSON.stringify(ExpressionAttributeValues?.[placeholder]),
  );
const condition = (given: Condition) => {
  const expression = conditionExpression(given);
  return spoken(expression.ConditionExpression, expression);
};
const updated = (write: Parameters<typeof update>[0]) => spoken(update(write).UpdateExpression, update(write));

describe('a condition', () => {
  test.for<[Condition, string]>([
    [{ absent: true }, 'attribute_not_exists(pk)'],
    [{ equals: { version: 3 } }, 'version = 3'],
    [{ equals: { version: 3, status: 'active', open: true } }, 'version = 3 AND status = "active" AND open = true'],
    [{ absentOr: { released: true } }, 'attribute_not_exists(pk) OR released = true'],
    [
      { below: { attribute: 'count', limit: 'capacity' }, equals: { state: 'open' } },
      'state = "open" AND count < capacity',
    ],
  ])('%j', ([given, words]) => {
    expect(condition(given)).toBe(words);
  });

  test('without values sends none: DynamoDB refuses an empty map', () => {
    expect(conditionExpression({ absent: true })).not.toHaveProperty('ExpressionAttributeValues');
  });
});

describe('an update', () => {
  test('sets, adds, or both, in one expression', () => {
    expect(updated({ set: { state: 'closed', capacity: 5 } })).toBe('SET state = "closed", capacity = 5');
    expect(updated({ add: { count: -1 } })).toBe('ADD count -1');
    expect(updated({ set: { state: 'closed' }, add: { count: 1, seq: 2 } })).toBe(
      'SET state = "closed" ADD count 1, seq 2',
    );
  });

  test('may set the attribute that guards it', () => {
    const expression = update({ set: { version: 4 } });
    expect(spoken(expression.ConditionExpression, expression)).toBe('version = 3');
    expect(spoken(expression.UpdateExpression, expression)).toBe('SET version = 4');
  });

  const attributes = fc.constantFrom('version', 'count', 'state', 'capacity', 'size', 'name', 'a.b', 'a#b');
  const scalars = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const changes = fc.record({
    set: fc.dictionary(attributes, scalars, { noNullPrototype: true }),
    add: fc.dictionary(attributes, fc.integer(), { noNullPrototype: true }),
    equals: fc.dictionary(attributes, scalars, { minKeys: 1, noNullPrototype: true }),
  });

  test('names every attribute by a placeholder, so that reserved words and dots are harmless, and uses each one', () => {
    fc.assert(
      fc.property(changes, ({ set, add, equals }) => {
        fc.pre(Object.keys(set).length + Object.keys(add).length > 0);
        const expression = update({ set, add }, { below: { attribute: 'count', limit: 'capacity' }, equals });
        const text = `${expression.ConditionExpression} ${expression.UpdateExpression}`;
        const used = new Set(text.match(/[#:]\w+/g));
        const given = [
          ...Object.keys(expression.ExpressionAttributeNames),
          ...Object.keys(expression.ExpressionAttributeValues),
        ];
        expect([...used].toSorted()).toEqual(given.toSorted());
        expect(text.replaceAll(/[#:]\w+/g, '')).toMatch(/^(?:[=<, ]|AND|SET|ADD)*$/);
      }),
    );
  });
});
