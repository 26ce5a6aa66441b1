import { describe, expect, test } from 'vitest';
import { entityTag, idempotencyKeyOf, versionMatching } from '#functions/http/preconditions.ts';
import { aTenant } from '#test/builders.ts';

describe('If-Match', () => {
  const tenant = aTenant({ version: 3 });

  test.for([undefined, '*', '"3"'])('%s matches', (wanted) => {
    expect(versionMatching({ 'if-match': wanted }, tenant)).toBe(tenant);
  });

  test.for(['"2"', '"4"', '3', 'W/"3"', '""', ''])('%s does not match', (wanted) => {
    expect(() => versionMatching({ 'if-match': wanted }, tenant)).toThrow(
      expect.objectContaining({ code: 'version_conflict' }),
    );
  });

  test('accepts the ETag of the response', () => {
    expect(versionMatching({ 'if-match': entityTag(tenant) }, tenant)).toBe(tenant);
  });
});

describe('Idempotency-Key', () => {
  test.for([undefined, 'a', '7f9c24e8-3b12-4fef-91e0-59d1c5b3a1aa', '!~', 'x'.repeat(128)])('may be %s', (key) => {
    expect(idempotencyKeyOf({ 'idempotency-key': key })).toBe(key);
  });

  test.for(['', 'a b', 'a\tb', 'a\n', 'ü', 'x'.repeat(129)])('may not be %j', (key) => {
    expect(() => idempotencyKeyOf({ 'idempotency-key': key })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});
