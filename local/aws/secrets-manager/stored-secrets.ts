import { randomInt } from 'node:crypto';
import { arnOf } from '#local/aws/endpoint/names.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { Section, State } from '#local/state.ts';
import { refuse, type Secret } from './secret.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const suffix = () => Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join('');

/** AWS adds six characters, so that a secret made anew under an old name is not the old one. */
export const newArn = (name: string) => arnOf('secretsmanager', `secret:${name}-${suffix()}`);

/** The secrets by name; one whose recovery window has passed is no longer there. */
export class StoredSecrets {
  readonly #secrets: Section<Secret>;
  readonly #clock: VirtualClock;

  constructor(state: State, clock: VirtualClock) {
    this.#secrets = state.section<Secret>('secrets');
    this.#clock = clock;
  }

  /** By name, by ARN, or by ARN without its six characters. */
  find(id: string): Secret | undefined {
    if (!id.startsWith('arn:')) return this.#byName(id);
    const rest = id.split(':').slice(6).join(':');
    const whole = this.#byName(rest.replace(/-[^-]{6}$/, ''));
    return whole?.arn === id ? whole : this.#byName(rest);
  }

  /** The secret, or ResourceNotFoundException. */
  get(id: string): Secret {
    const secret = this.find(id);
    if (!secret) throw refuse('ResourceNotFound', "Secrets Manager can't find the specified secret.");
    return secret;
  }

  /** The secret, unless a deletion is planned for it. */
  inUse(id: string): Secret {
    const secret = this.get(id);
    if (secret.deletionAt === undefined) return secret;
    throw refuse(
      'InvalidRequest',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  keep(secret: Secret): Promise<void> {
    return this.#secrets.put(secret.name, secret);
  }

  remove({ name }: Secret): Promise<void> {
    return this.#secrets.delete(name);
  }

  /** Every secret by the order of names; those to be deleted only when asked for. */
  async list({ withDeleted }: { withDeleted: boolean }): Promise<Secret[]> {
    const secrets: Secret[] = [];
    for await (const [, secret] of this.#secrets.entries()) {
      if (secret.deletionAt === undefined || (withDeleted && !this.#isGone(secret))) secrets.push(secret);
    }
    return secrets;
  }

  #byName(name: string): Secret | undefined {
    const secret = this.#secrets.get(name);
    return secret && !this.#isGone(secret) ? secret : undefined;
  }

  #isGone({ deletionAt }: Secret): boolean {
    return deletionAt !== undefined && deletionAt <= this.#clock.now();
  }
}
