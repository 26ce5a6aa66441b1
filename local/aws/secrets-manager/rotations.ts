import { randomUUID } from 'node:crypto';
import { lastPartOf } from '#local/aws/endpoint/names.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import type { Timer, VirtualClock } from '#local/clock.ts';
import type { Request } from './requests.ts';
import { addVersion, current, moveStage, pending, refuse, removeStage, type Secret } from './secret.ts';
import type { StoredSecrets } from './stored-secrets.ts';

const dayMs = 86_400_000;
/** A rotation that failed is tried again after this time; AWS does not say after how long it does. */
const retryMs = 3_600_000;
const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** The events of a rotation, by the names that CloudTrail has for it. */
export type RotationEvent = 'RotationStarted' | 'RotationSucceeded' | 'RotationFailed';

export interface RotationOptions {
  /** Functions that may be called to rotate. */
  rotators: ReadonlySet<string>;
  /** Calls a function; a rejection is a failed step. */
  invoke: (functionName: string, event: unknown) => Promise<unknown>;
  onRotation: (event: RotationEvent, secret: Secret) => Promise<void>;
  /** Called with errors of Secrets Manager itself. */
  report: (error: unknown) => void;
}

/** Rotations as Secrets Manager runs them: four steps, one rotation of a secret at a time, by the virtual clock. */
export class Rotations {
  readonly #stored: StoredSecrets;
  readonly #clock: VirtualClock;
  readonly #options: RotationOptions;
  readonly #timers = new Map<string, Timer>();
  readonly #running = new Set<string>();
  #closed = false;

  constructor(stored: StoredSecrets, clock: VirtualClock, options: RotationOptions) {
    this.#stored = stored;
    this.#clock = clock;
    this.#options = options;
  }

  /** Goes on with rules and rotations of an earlier run: to be called once the functions can do their work. */
  async resume(): Promise<void> {
    for (const secret of await this.#stored.list()) {
      const unfinished = secret.rotation && unfinishedOf(secret);
      if (unfinished === undefined) this.#arm(secret);
      else this.#start(secret, unfinished);
    }
  }

  /** What is under way is left as it is: the next run goes on with it. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) timer.cancel();
  }

  /** Sets the rules that are given and, by default, rotates: the answer does not wait for the end. */
  async rotate(input: Request<'rotate'>) {
    const secret = this.#stored.get(input.SecretId);
    const unfinished = unfinishedOf(secret);
    if (unfinished !== undefined && unfinished !== input.ClientRequestToken) {
      this.#start(secret, unfinished);
      throw refuse('InvalidRequest', "A previous rotation isn't complete. That rotation will be reattempted.");
    }
    const rotation = this.#rotationOf(secret, input);
    const ruled = { ...secret, rotation, nextRotationAt: this.#nextTime(rotation) };
    if (!input.RotateImmediately) return this.#save(ruled);
    const VersionId = input.ClientRequestToken ?? randomUUID();
    const saved = await this.#save(withPending(ruled, VersionId, this.#clock.now()));
    this.#start(secret, VersionId);
    return { ...saved, VersionId };
  }

  #rotationOf({ rotation }: Secret, input: Request<'rotate'>): NonNullable<Secret['rotation']> {
    const functionArn = input.RotationLambdaARN ?? rotation?.functionArn;
    if (functionArn === undefined) {
      throw refuse('InvalidRequest', 'No Lambda rotation function ARN is associated with this secret.');
    }
    if (!this.#options.rotators.has(lastPartOf(functionArn))) {
      throw new AwsError(
        'AccessDeniedException',
        'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
      );
    }
    return { functionArn, days: input.RotationRules?.AutomaticallyAfterDays ?? rotation?.days };
  }

  #nextTime({ days }: NonNullable<Secret['rotation']>): number | undefined {
    return days === undefined ? undefined : this.#clock.now() + days * dayMs;
  }

  #save(secret: Secret) {
    this.#arm(secret);
    return this.#stored.save(secret);
  }

  #arm({ name, arn, nextRotationAt }: Secret): void {
    this.#timers.get(name)?.cancel();
    if (nextRotationAt === undefined || this.#closed) return;
    const rotate = () => void this.#rotateByRule(name, arn).catch(this.#options.report);
    this.#timers.set(name, this.#clock.at(nextRotationAt, rotate));
  }

  /** The secret, unless it was deleted or has been created again since. */
  #find(name: string, arn: string): Secret | undefined {
    const secret = this.#stored.find(name);
    return secret?.arn === arn ? secret : undefined;
  }

  async #rotateByRule(name: string, arn: string): Promise<void> {
    const secret = this.#find(name, arn);
    if (!secret?.rotation) return;
    const token = unfinishedOf(secret) ?? randomUUID();
    const ahead = { ...secret, nextRotationAt: this.#nextTime(secret.rotation) };
    await this.#save(withPending(ahead, token, this.#clock.now()));
    this.#start(secret, token);
  }

  #start(secret: Secret, token: string): void {
    if (this.#running.has(secret.name)) return;
    this.#running.add(secret.name);
    this.#run(secret, token).catch((error: unknown) => {
      this.#running.delete(secret.name);
      this.#options.report(error);
    });
  }

  async #run({ name, arn }: Secret, token: string): Promise<void> {
    const { onRotation } = this.#options;
    const begun = this.#stored.get(name);
    await onRotation('RotationStarted', begun);
    const isDone = await this.#allSteps(lastPartOf(begun.rotation?.functionArn ?? ''), arn, token);
    // Before the result is saved: a caller who sees it may ask for the next rotation.
    this.#running.delete(name);
    const ended = this.#find(name, arn);
    if (this.#closed || !ended) return;
    const now = this.#clock.now();
    if (isDone && ended.versions.some(({ id, stages }) => id === token && stages.includes(current))) {
      const versions = removeStage(ended.versions, pending);
      await this.#save({ ...ended, versions, lastRotatedAt: now, changedAt: now });
      return onRotation('RotationSucceeded', ended);
    }
    await this.#save(unfinishedOf(ended) === undefined ? ended : { ...ended, nextRotationAt: now + retryMs });
    return onRotation('RotationFailed', ended);
  }

  /** Whether every step succeeded; the function's log says why one did not. */
  async #allSteps(functionName: string, SecretId: string, ClientRequestToken: string): Promise<boolean> {
    for (const Step of steps) {
      const succeeded = await this.#options.invoke(functionName, { Step, SecretId, ClientRequestToken }).then(
        () => true,
        () => false,
      );
      if (!succeeded || this.#closed) return false;
    }
    return true;
  }
}

/** A rotation that was begun and made nothing current: it is the one to be tried again. */
const unfinishedOf = ({ versions }: Secret) =>
  versions.find(({ stages }) => stages.includes(pending) && !stages.includes(current))?.id;

/** Gives the version its stage, before it has a value: the function finds it by its token. */
const withPending = (secret: Secret, id: string, createdAt: number): Secret =>
  secret.versions.some((version) => version.id === id)
    ? { ...secret, versions: moveStage(secret.versions, pending, id) }
    : addVersion(secret, { id, stages: [pending], createdAt });
