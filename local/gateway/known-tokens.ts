import type { Claims } from '#local/tokens.ts';

/** Tokens in use at once; beyond it the one that was longest in the cache is verified again. */
const mostTokens = 10_000;

interface Known<T> {
  value: T;
  /** The token's own expiry, in seconds since 1970. */
  expiresAt: number;
}

/**
 * Remembers what came of a token, by the whole of it, until it expires: as API Gateway's authorizer does, since to
 * verify a signature (140 µs) costs more than all else in the gateway. A token that failed is never remembered.
 */
export function rememberTokens<T>(verify: (token: string) => Claims, valueOf: (claims: Claims) => T) {
  const known = new Map<string, Known<T>>();
  return (token: string): T => {
    const found = known.get(token);
    if (found && Date.now() / 1000 < found.expiresAt) return found.value;
    known.delete(token);
    const claims = verify(token);
    const value = valueOf(claims);
    const { exp } = claims;
    if (typeof exp === 'number') {
      const [oldest] = known.keys();
      if (known.size >= mostTokens && oldest !== undefined) known.delete(oldest);
      known.set(token, { value, expiresAt: exp });
    }
    return value;
  };
}
