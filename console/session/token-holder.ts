import { type IssuedToken, type Issuer, renewalMarginMs } from './issuer.ts';

/** Holds the user's token in memory, and renews it in the background before it expires. */
export class TokenHolder {
  readonly #issuer: Issuer;
  readonly #onLost: (reason: unknown) => void;
  #issued: IssuedToken | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: Promise<string> | undefined;

  /** `onLost` is called when the issuer refuses renewal, which signs the user out. */
  constructor(issuer: Issuer, onLost: (reason: unknown) => void) {
    this.#issuer = issuer;
    this.#onLost = onLost;
  }

  hold(token: IssuedToken): void {
    this.drop();
    this.#issued = token;
    const inMs = Math.max(0, token.expiresAt - renewalMarginMs - Date.now());
    this.#timer = setTimeout(() => void this.renewed().catch(this.#onLost), inMs);
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#issued = undefined;
  }

  /** A valid token, renewed now if the machine slept through its renewal. */
  async current(): Promise<string> {
    if (this.#issued && Date.now() < this.#issued.expiresAt) return this.#issued.token;
    return this.renewed();
  }

  /** A new token; concurrent calls share one renewal. */
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
