import { expect, test } from 'vitest';
import { responseAsRead, responseCopy } from '#local/aws/lambda/payload.ts';

const answer = {
  statusCode: 200,
  headers: { 'content-type': 'application/json', etag: '"1"' },
  body: '{"a":"é\u2028\ud800"}',
};

test.each([
  ['an answer of texts', answer],
  ['one with a cookie', { ...answer, cookies: ['a=b'] }],
  ['one in base64', { ...answer, isBase64Encoded: true }],
  ['one with fields that say nothing', { ...answer, body: undefined, headers: { a: 'b', c: undefined } }],
  ['one with headers that are no texts', { ...answer, headers: { a: 1.5, b: null, c: Number.NaN, d: true } }],
  ['one with headers of a class', { ...answer, headers: new Headers({ a: 'b' }) }],
  ['one that writes itself', { ...answer, toJSON: () => 'itself' }],
  ['one without headers', { statusCode: 204 }],
  ['anything else', [{ at: new Date(0) }, 'text']],
  ['nothing', undefined],
])('%s is copied as JSON carries it', (_what, result) => {
  const copy = responseCopy(result);
  expect(copy).toStrictEqual(JSON.parse(JSON.stringify(result) ?? 'null'));
  expect(copy).not.toBe(result);
  expect(responseAsRead(result)).toStrictEqual(copy);
});

test.each([
  ['body', { ...answer, body: 'x'.repeat(6_291_556) }],
  ['header', { ...answer, headers: { a: 'x'.repeat(6_291_556) } }],
])('an answer with a %s beyond the limit is refused', (_what, result) => {
  for (const response of [responseCopy, responseAsRead]) {
    expect(() => response(result)).toThrow('Response payload size exceeded');
  }
});

test('an answer that may be too large, but is not, is handed on', () => {
  const large = { ...answer, body: 'x'.repeat(6_000_000) };
  for (const response of [responseCopy, responseAsRead]) expect(response(large)).toStrictEqual(large);
});

test('an answer of texts that is only read is spared the copy', () => {
  expect(responseAsRead(answer)).toBe(answer);
});
