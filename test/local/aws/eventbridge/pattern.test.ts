import { describe, expect, test } from 'vitest';
import { compilePattern } from '#local/aws/eventbridge/pattern.ts';

const event = {
  source: 'sales.example',
  'detail-type': 'tenant.onboarding.requested',
  resources: ['arn:a', 'arn:b'],
  detail: {
    slug: 'acme',
    seats: 12,
    trial: false,
    note: null,
    owner: { name: 'Ada' },
    lines: [{ sku: 'x' }, { sku: 'y' }],
  },
};

describe('an event pattern', () => {
  test.each<[string, object, boolean]>([
    ['a value of a list', { source: ['other', 'sales.example'] }, true],
    ['another value', { source: ['other'] }, false],
    ['every field', { source: ['sales.example'], detail: { slug: ['other'] } }, false],
    ['one value of a list in the event', { resources: ['arn:b'] }, true],
    ['a number as a number only', { detail: { seats: ['12'] } }, false],
    ['true, false and null as they are', { detail: { trial: [false], note: [null] } }, true],
    ['an object in a list in the event', { detail: { lines: { sku: ['y'] } } }, true],
    ['a field that is not there', { detail: { plan: ['x'] } }, false],
    ['a prefix', { source: [{ prefix: 'sales.' }] }, true],
    ['anything but a value', { detail: { slug: [{ 'anything-but': 'acme' }] } }, false],
    ['anything but some values', { detail: { slug: [{ 'anything-but': ['a', 'b'] }] } }, true],
    ['anything but, of a field that is not there', { detail: { plan: [{ 'anything-but': 'x' }] } }, false],
    ['that a field exists', { detail: { note: [{ exists: true }] } }, true],
    ['that a field does not exist', { detail: { slug: [{ exists: false }] } }, false],
    ['that a field below nothing does not exist', { detail: { plan: { name: [{ exists: false }] } } }, true],
    ['no field by an object', { detail: { owner: [{ exists: true }] } }, false],
    ['no names of the language itself', { detail: { constructor: [{ exists: true }] } }, false],
  ])('asks for %s', (_what, pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['an operator that is not known', { source: [{ cidr: '10.0.0.0/8' }] }],
    ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }],
    ['an operator that AWS knows', { detail: { seats: [{ numeric: ['>', 1] }] } }],
    ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }],
    ['a number for a prefix', { source: [{ prefix: 1 }] }],
    ['a value outside a list', { source: 'sales' }],
    ['an empty list', { source: [] }],
    ['a list in a list', { source: [['a']] }],
    ['exists with a text', { source: [{ exists: 'yes' }] }],
    ['a name of the language as an operator', { source: [{ constructor: 'a' }] }],
    ['alternatives', { $or: [{ source: ['a'] }, { source: ['b'] }] }],
    ['nothing', {}],
  ])('is refused for %s', (_what, pattern) => {
    expect(() => compilePattern(pattern)).toThrow('Event pattern is not valid');
  });
});
