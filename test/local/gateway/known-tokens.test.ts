import { afterEach, expect, test, vi } from 'vitest';
import { rememberTokens } from '#local/gateway/known-tokens.ts';

afterEach(() => vi.useRealTimers());

const seconds = (ms: number) => Math.floor(ms / 1000);

test('a token is verified once while it is good, and again once it has expired', () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  const verify = vi.fn((token: string) => ({ sub: token, exp: seconds(Date.now()) + 60 }));
  const nameOf = rememberTokens(verify, ({ sub }) => sub);
  expect([nameOf('a'), nameOf('a'), nameOf('b')]).toEqual(['a', 'a', 'b']);
  expect(verify).toHaveBeenCalledTimes(2);
  verify.mockImplementation(() => {
    throw new Error('expired');
  });
  vi.setSystemTime(Date.now() + 60_000);
  expect(() => nameOf('a')).toThrow('expired');
});

test('a token that failed, or that never expires, is not remembered', () => {
  const verify = vi.fn((token: string): Record<string, unknown> => {
    if (token === 'bad') throw new Error('forged');
    return { sub: token };
  });
  const nameOf = rememberTokens(verify, ({ sub }) => sub);
  for (const token of ['bad', 'bad']) expect(() => nameOf(token)).toThrow('forged');
  nameOf('endless');
  nameOf('endless');
  expect(verify).toHaveBeenCalledTimes(4);
});

test('tokens that end alike are two tokens', () => {
  const verify = vi.fn((token: string) => ({ sub: token, exp: seconds(Date.now()) + 60 }));
  const nameOf = rememberTokens(verify, ({ sub }) => sub);
  const [mine, others] = [`mine${'x'.repeat(200)}`, `others${'x'.repeat(200)}`];
  expect([nameOf(mine), nameOf(others), nameOf(mine)]).toEqual([mine, others, mine]);
});

test('tokens that differ in one letter are two tokens, however many there are', () => {
  const verify = vi.fn((token: string) => ({ sub: token, exp: seconds(Date.now()) + 60 }));
  const nameOf = rememberTokens(verify, ({ sub }) => sub);
  for (let index = 0; index < 10_001; index += 1) expect(nameOf(`token-${index}`)).toBe(`token-${index}`);
  nameOf('token-10000');
  expect(verify).toHaveBeenCalledTimes(10_001);
  nameOf('token-0');
  expect(verify).toHaveBeenCalledTimes(10_002);
});
