/** A token, and when it must be renewed at the latest (ms since 1970). */
export interface HeldToken {
  token: string;
  expiresAt: number;
}

/** Who gives tokens: they are held in memory only, by whoever asked. */
export interface Issuer {
  /** Takes up a sign-in that is under way or still stands; `undefined` when somebody must sign in first. */
  resume(): Promise<HeldToken | undefined>;
  /** A new token for whoever is signed in; rejects when the issuer gives none any more. */
  renew(): Promise<HeldToken>;
  /** Forgets the sign-in; may leave the page. */
  signOut(): Promise<void>;
}

/** How long before its end a token is renewed: time enough for a slow answer and a clock that is off. */
export const renewalMarginMs = 60_000;
