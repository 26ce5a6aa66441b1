import type { ConsoleConfig } from '#core/contract/api/console.ts';
import { type Api, type Me, signedInApi } from './api.ts';
import type { IssuedToken } from './issuer.ts';
import { type LocalIssuer, localIssuer } from './local-issuer.ts';
import { type OidcIssuer, oidcIssuer } from './oidc-issuer.ts';
import { TokenHolder } from './token-holder.ts';

export type SignInState = { kind: 'starting' } | { kind: 'out'; reason?: string } | { kind: 'in'; me: Me };
type Door = { kind: 'local'; issuer: LocalIssuer } | { kind: 'oidc'; issuer: OidcIssuer };

const doorOf = ({ signIn }: ConsoleConfig): Door =>
  signIn.kind === 'local' ? { kind: 'local', issuer: localIssuer() } : { kind: 'oidc', issuer: oidcIssuer(signIn) };

/** The session of the page; tokens never leave it. */
export class SessionStore {
  readonly door: Door;
  readonly api: Api;
  readonly #tokens: TokenHolder;
  readonly #listeners = new Set<() => void>();
  #state: SignInState = { kind: 'starting' };

  constructor(config: ConsoleConfig) {
    this.door = doorOf(config);
    this.#tokens = new TokenHolder(this.door.issuer, this.#lost);
    this.api = signedInApi(new URL(config.apiUrl, location.origin).href, this.#tokens, this.#lost);
  }

  readonly state = (): SignInState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Resumes an existing sign-in. */
  async resume(): Promise<void> {
    try {
      const token = await this.door.issuer.resume();
      if (token) await this.enter(token);
      else this.#become({ kind: 'out' });
    } catch (error) {
      this.#lost(error);
    }
  }

  async enter(token: IssuedToken): Promise<void> {
    this.#tokens.hold(token);
    const { body: me } = await this.api.call('getMe', {});
    this.#become({ kind: 'in', me });
  }

  readonly signOut = (): void => {
    this.#tokens.drop();
    this.#become({ kind: 'out' });
    this.door.issuer.signOut().catch(this.#lost);
  };

  /** Ends the session with a reason, when the API or the issuer refuses the user. */
  readonly #lost = (error: unknown): void => {
    this.#tokens.drop();
    this.#become({ kind: 'out', reason: error instanceof Error ? error.message : String(error) });
  };

  #become(state: SignInState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
