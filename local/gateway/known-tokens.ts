import type { Claims } from '#local/tokens.ts';
import { now } from '#stores/aws/clock.ts';

/** Tokens in use at once; beyond it the one that was longest in the cache is verified again. */
const mostTokens = 10_000;

interface Known<T> {
  text: string;
  value: T;
  /** The token's own expiry, in seconds since 1970. */
  expiresAt: number;
}

/** A token is looked up by the end of its signature: to hash all of it costs as much as to parse the body. */
const keyOf = (text: string) => text.slice(-64);

/**
 * Remembers what came of the text that holds a token, by the whole of it, until the token expires: as API Gateway's
 * authorizer does, since to verify a signature (140 µs) costs more than all else in the gateway. A token that failed is
 * never remembered.
 */
export function rememberTokens<T>(verify: (text: string) => Promise<Claims>, valueOf: (claims: Claims) => T) {
  const known = new Map<string, Known<T>>();
  return async (text: string): Promise<T> => {
    const key = keyOf(text);
    const found = known.get(key);
    if (found?.text === text && now() / 1000 < found.expiresAt) return found.value;
    known.delete(key);
    const claims = await verify(text);
    const value = valueOf(claims);
    const { exp } = claims;
    if (typeof exp === 'number') {
      const [oldest] = known.keys();
      if (known.size >= mostTokens && oldest !== undefined) known.delete(oldest);
      known.set(key, { text, value, expiresAt: exp });
    }
    return value;
  };
}
