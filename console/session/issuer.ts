/** A token and the latest time to renew it (ms since 1970). */
export interface IssuedToken {
  token: string;
  expiresAt: number;
}

/** Issues tokens; they are held in memory only. */
export interface Issuer {
  /** Resumes a pending or existing sign-in; `undefined` if the user must sign in first. */
  resume(): Promise<IssuedToken | undefined>;
  /** A new token for the signed-in user; rejects if the issuer refuses. */
  renew(): Promise<IssuedToken>;
  /** Signs out; may leave the page. */
  signOut(): Promise<void>;
}

/** How long before expiry a token is renewed: allows for a slow response and clock skew. */
export const renewalMarginMs = 60_000;
