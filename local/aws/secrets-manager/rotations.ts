import { randomUUID } from 'node:crypto';
import { lastPartOf } from '#local/aws/endpoint/names.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import { type Next, parseSchedule } from '#local/aws/scheduler/expression.ts';
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
  /** Is told of what went wrong in Secrets Manager itself. */
  report: (error: unknown) => void;
}

/** Rotations as Secrets Manager runs them: four steps, one secret at a time, by rules that follow the virtual clock. */
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

  /** Takes up rules and rotations of an earlier run: to be called once the functions can do their work. */
  async resume(): Promise<void> {
    for (const secret of await this.#stored.list({ withDeleted: false })) {
      const unfinished = secret.rotation?.enabled ? unfinishedOf(secret) : undefined;
      if (unfinished === undefined) this.#arm(secret);
      else this.#start(secret, unfinished);
    }
  }

  /** What is under way is left as it is: the next run takes it up. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) timer.cancel();
  }

  /** Sets the rules that are given and, unless told otherwise, rotates: the answer does not wait for the end. */
  async rotate(input: Request<'rotate'>) {
    const secret = this.#stored.inUse(input.SecretId);
    const unfinished = unfinishedOf(secret);
    if (unfinished !== undefined && unfinished !== input.ClientRequestToken) {
      this.#start(secret, unfinished);
      throw refuse('InvalidRequest', "A previous rotation isn't complete. That rotation will be reattempted.");
    }
    const rotation = this.#rotationOf(secret, input);
    const ruled = { ...secret, rotation, nextRotationAt: nextTime(rotation, this.#clock.now()) };
    const token = input.ClientRequestToken ?? randomUUID();
    if (!input.RotateImmediately) {
      await this.#keep(ruled);
      return { ARN: secret.arn, Name: secret.name };
    }
    await this.#keep(withPending(ruled, token, this.#clock.now()));
    this.#start(secret, token);
    return { ARN: secret.arn, Name: secret.name, VersionId: token };
  }

  /** Ends the rules; the versions stay as they are. */
  async cancel(id: string) {
    const { nextRotationAt: _next, ...secret } = this.#stored.inUse(id);
    const cancelled = { ...secret, ...(secret.rotation && { rotation: { ...secret.rotation, enabled: false } }) };
    await this.#keep(cancelled);
    return { ARN: secret.arn, Name: secret.name };
  }

  #rotationOf(
    secret: Secret,
    { RotationLambdaARN, RotationRules }: Request<'rotate'>,
  ): NonNullable<Secret['rotation']> {
    const functionArn = RotationLambdaARN ?? secret.rotation?.functionArn;
    if (functionArn === undefined) {
      throw refuse('InvalidRequest', 'No Lambda rotation function ARN is associated with this secret.');
    }
    if (!this.#options.rotators.has(lastPartOf(functionArn))) {
      throw new AwsError(
        'AccessDeniedException',
        'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
      );
    }
    const rules = RotationRules ?? secret.rotation?.rules ?? {};
    if (rules.ScheduleExpression !== undefined) parsedSchedule(rules.ScheduleExpression);
    return { enabled: true, functionArn, rules };
  }

  async #keep(secret: Secret): Promise<void> {
    this.#arm(secret);
    await this.#stored.keep(secret);
  }

  #arm({ name, arn, nextRotationAt }: Secret): void {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
    if (nextRotationAt === undefined || this.#closed) return;
    this.#timers.set(
      name,
      this.#clock.at(nextRotationAt, () => {
        this.#rotateByRule(name, arn).catch(this.#options.report);
      }),
    );
  }

  async #rotateByRule(name: string, arn: string): Promise<void> {
    const secret = this.#stored.find(name);
    if (!secret?.rotation?.enabled || secret.arn !== arn || secret.deletionAt !== undefined) return;
    const token = unfinishedOf(secret) ?? randomUUID();
    const ahead = { ...secret, nextRotationAt: nextTime(secret.rotation, this.#clock.now()) };
    await this.#keep(withPending(ahead, token, this.#clock.now()));
    this.#start(secret, token);
  }

  #start({ name, arn }: Secret, token: string): void {
    if (this.#running.has(name)) return;
    this.#running.add(name);
    this.#run(name, arn, token).catch((error: unknown) => {
      this.#running.delete(name);
      this.#options.report(error);
    });
  }

  async #run(name: string, arn: string, token: string): Promise<void> {
    const { invoke, onRotation } = this.#options;
    const begun = this.#stored.get(name);
    await onRotation('RotationStarted', begun);
    const succeeded = await this.#allSteps(lastPartOf(begun.rotation?.functionArn ?? ''), arn, token, invoke);
    // Whoever sees what is kept from here on may ask for the next one.
    this.#running.delete(name);
    const ended = this.#stored.find(name);
    if (this.#closed || ended?.arn !== arn || ended.deletionAt !== undefined) return;
    const isCurrent = ended.versions.find(({ id }) => id === token)?.stages.includes(current) ?? false;
    if (succeeded && isCurrent) {
      const now = this.#clock.now();
      await this.#keep({
        ...ended,
        versions: removeStage(ended.versions, pending),
        lastRotatedAt: now,
        changedAt: now,
      });
      await onRotation('RotationSucceeded', ended);
      return;
    }
    const isToRetry = ended.rotation?.enabled && unfinishedOf(ended) !== undefined;
    await this.#keep(isToRetry ? { ...ended, nextRotationAt: this.#clock.now() + retryMs } : ended);
    await onRotation('RotationFailed', ended);
  }

  /** Whether every step was taken; the function's log says why one was not. */
  async #allSteps(functionName: string, arn: string, token: string, invoke: RotationOptions['invoke']) {
    for (const Step of steps) {
      const failed = await invoke(functionName, { Step, SecretId: arn, ClientRequestToken: token }).then(
        () => false,
        () => true,
      );
      if (failed || this.#closed) return false;
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

const parsedSchedule = (expression: string): Next => {
  try {
    return parseSchedule(expression);
  } catch (cause) {
    throw refuse('InvalidParameter', cause instanceof Error ? cause.message : String(cause));
  }
};

const nextTime = ({ rules, enabled }: NonNullable<Secret['rotation']>, now: number): number | undefined => {
  if (!enabled) return undefined;
  if (rules.ScheduleExpression !== undefined) return parsedSchedule(rules.ScheduleExpression)(now);
  return rules.AutomaticallyAfterDays === undefined ? undefined : now + rules.AutomaticallyAfterDays * dayMs;
};
