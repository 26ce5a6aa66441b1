import { randomInt } from 'node:crypto';
import { arnOf } from '#local/aws/endpoint/names.ts';
import type { Section, State } from '#local/state.ts';
import { refuse, type Secret } from './secret.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const suffix = () => Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]).join('');

/** AWS adds six characters, so that a secret created again under an old name is not the old one. */
export const newArn = (name: string) => arnOf('secretsmanager', `secret:${name}-${suffix()}`);

/** The secrets by name. */
export class StoredSecrets {
  readonly #secrets: Section<Secret>;

  constructor(state: State) {
    this.#secrets = state.section<Secret>('secrets');
  }

  /** By name, by ARN, or by ARN without its six characters. */
  find(id: string): Secret | undefined {
    if (!id.startsWith('arn:')) return this.#secrets.get(id);
    const rest = id.split(':').slice(6).join(':');
    const whole = this.#secrets.get(rest.replace(/-[^-]{6}$/, ''));
    return whole?.arn === id ? whole : this.#secrets.get(rest);
  }

  /** The secret; throws ResourceNotFoundException, or InvalidRequestException if it is scheduled for deletion. */
  get(id: string): Secret {
    const secret = this.find(id);
    if (!secret) throw refuse('ResourceNotFound', "Secrets Manager can't find the specified secret.");
    if (secret.deletedAt !== undefined)
      throw refuse('InvalidRequest', 'The secret was marked for deletion: this operation is not possible.');
    return secret;
  }

  async save(secret: Secret) {
    await this.#secrets.put(secret.name, secret);
    return { ARN: secret.arn, Name: secret.name };
  }

  remove({ name }: Secret): Promise<void> {
    return this.#secrets.delete(name);
  }

  /** Every secret, in the order of names. */
  async list(): Promise<Secret[]> {
    const secrets: Secret[] = [];
    for await (const [, secret] of this.#secrets.entries()) secrets.push(secret);
    return secrets;
  }
}
