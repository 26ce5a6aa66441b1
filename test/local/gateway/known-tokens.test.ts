import { afterEach, expect, test, vi } from 'vitest';
import { rememberTokens } from '#local/gateway/known-tokens.ts';

afterEach(() => vi.useRealTimers());

const seconds = (ms: number) => Math.floor(ms / 1000);

test('a token is verified once while it is good, and again once it has expired', async () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  const verify = vi.fn(async (token: string) => ({ sub: token, exp: seconds(Date.now()) + 60 }));
  const nameOf = rememberTokens(verify, ({ sub }) => sub);
  expect([await nameOf('a'), await nameOf('a'), await nameOf('b')]).toEqual(['a', 'a', 'b']);
  expect(verify).toHaveBeenCalledTimes(2);
  verify.mockRejectedValue(new Error('expired'));
  vi.setSystemTime(Date.now() + 60_000);
  await expect(nameOf('a')).rejects.toThrow('expired');
});

test('a token that failed, or that never expires, is not remembered', async () => {
  const verify = vi.fn(async (token: string): Promise<Record<string, unknown>> => {
    if (token === 'bad') throw new Error('forged');
    return { sub: token };
  });
  const nameOf = rememberTokens(verify, ({ sub }) => sub);
  for (const token of ['bad', 'bad']) await expect(nameOf(token)).rejects.toThrow('forged');
  await nameOf('endless');
  await nameOf('endless');
  expect(verify).toHaveBeenCalledTimes(4);
});

test('tokens that end alike are two tokens', async () => {
  const verify = vi.fn(async (token: string) => ({ sub: token, exp: seconds(Date.now()) + 60 }));
  const nameOf = rememberTokens(verify, ({ sub }) => sub);
  const [mine, others] = [`mine${'x'.repeat(200)}`, `others${'x'.repeat(200)}`];
  expect([await nameOf(mine), await nameOf(others), await nameOf(mine)]).toEqual([mine, others, mine]);
});

test('tokens that differ in one letter are two tokens, however many there are', async () => {
  const verify = vi.fn(async (token: string) => ({ sub: token, exp: seconds(Date.now()) + 60 }));
  const nameOf = rememberTokens(verify, ({ sub }) => sub);
  for (let index = 0; index < 10_001; index += 1) expect(await nameOf(`token-${index}`)).toBe(`token-${index}`);
  await nameOf('token-10000');
  expect(verify).toHaveBeenCalledTimes(10_001);
  await nameOf('token-0');
  expect(verify).toHaveBeenCalledTimes(10_002);
});
