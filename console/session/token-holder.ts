import { type HeldToken, type Issuer, renewalMarginMs } from './issuer.ts';

/** The token of whoever is signed in: in memory, renewed in time without anybody noticing. */
export class TokenHolder {
  readonly #issuer: Issuer;
  readonly #onLost: (reason: unknown) => void;
  #held: HeldToken | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: Promise<string> | undefined;

  /** `onLost` is told when the issuer renews no more: whoever it was is signed out. */
  constructor(issuer: Issuer, onLost: (reason: unknown) => void) {
    this.#issuer = issuer;
    this.#onLost = onLost;
  }

  hold(token: HeldToken): void {
    this.drop();
    this.#held = token;
    const inMs = Math.max(0, token.expiresAt - renewalMarginMs - Date.now());
    this.#timer = setTimeout(() => void this.renewed().catch(this.#onLost), inMs);
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#held = undefined;
  }

  /** A token that is still good: a machine that slept may have slept through its renewal. */
  async current(): Promise<string> {
    if (this.#held && Date.now() < this.#held.expiresAt) return this.#held.token;
    return this.renewed();
  }

  /** A new token; all who ask meanwhile get the same one. */
  renewed(): Promise<string> {
    this.#renewal ??= this.#issuer
      .renew()
      .then((token) => {
        this.hold(token);
        return token.token;
      })
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }
}
