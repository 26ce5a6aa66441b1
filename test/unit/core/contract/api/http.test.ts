import { expect, test } from 'vitest';
import { securityHeaders } from '#core/contract/api/http.ts';

test('no answer is cached, framed, taken for another type, told to other sites, or asked for without encryption', () => {
  expect(securityHeaders).toEqual({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
    'x-content-type-options': 'nosniff',
  });
});
