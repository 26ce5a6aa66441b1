import { expect, test } from 'vitest';
import { securityHeaders } from '#core/contract/api/http.ts';

test('security headers forbid caching, framing, sniffing, referrers and unencrypted requests', () => {
  expect(securityHeaders).toEqual({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
    'x-content-type-options': 'nosniff',
  });
});
