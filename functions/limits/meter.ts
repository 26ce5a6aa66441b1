import type { Limits } from '#core/contract/model/limits.ts';
import { judge, leasedShare, leaseSize, newShare, type Share } from '#core/limits/share.ts';
import { type Taken, takeTokens, tokensIn } from '#core/limits/token-bucket.ts';
import { machineTime } from '#stores/aws/clock.ts';

export interface Verdict {
  isTaken: boolean;
  /** Requests that are left, as far as this copy knows. */
  remaining: number;
  /** When it is worth asking again (a refusal), or when the bucket is full: milliseconds since 1970. */
  resetAt: number;
}

interface MeterOptions {
  limits: Limits;
  /** Takes from the bucket that all copies share. */
  take: (wanted: number, fullAt: number, now: number) => Promise<Taken>;
  /** Called with the reason when the bucket does not answer. */
  onUnavailable: (error: unknown) => void;
  clock?: () => number;
}

/** How long a copy counts by itself after the bucket did not answer. */
const aloneMs = 1_000;

/**
 * Counts one caller's requests in one copy of a function: most spend a token that was leased before, and cost no call.
 * While the bucket does not answer, the copy counts by itself, as if it were the only one.
 */
export class Meter {
  readonly limits: Limits;
  readonly #options: MeterOptions;
  readonly #clock: () => number;
  #share: Share = newShare();
  #asking: Promise<void> | undefined;
  #waiting = 0;
  #aloneUntil = 0;

  constructor(options: MeterOptions) {
    this.#options = options;
    this.limits = options.limits;
    this.#clock = options.clock ?? machineTime;
  }

  /** Whether a new meter would know as much: nothing is leased, and the bucket is full. */
  isIdle(now: number): boolean {
    return this.#waiting === 0 && now >= this.#share.goodUntil && now >= this.#share.fullAt;
  }

  /** Counts one request. */
  async spend(): Promise<Verdict> {
    return this.spendLeased() ?? (await this.#asked());
  }

  /** Counts one request, if the copy can decide on it without the bucket. */
  spendLeased(): Verdict | undefined {
    const now = this.#clock();
    switch (judge(this.#share, now)) {
      case 'spend':
        this.#share.tokens -= 1;
        return { isTaken: true, remaining: this.#remaining(now), resetAt: this.#share.fullAt };
      case 'refuse':
        return { isTaken: false, remaining: 0, resetAt: this.#share.emptyUntil };
      default:
        return undefined;
    }
  }

  #remaining(now: number): number {
    return this.#share.tokens + tokensIn(this.limits, this.#share.fullAt, now);
  }

  /** Requests that come while the bucket is being asked share its answer. */
  async #asked(): Promise<Verdict> {
    this.#waiting += 1;
    try {
      for (;;) {
        this.#asking ??= this.#ask(this.#clock()).finally(() => {
          this.#asking = undefined;
        });
        await this.#asking;
        const verdict = this.spendLeased();
        if (verdict) return verdict;
      }
    } finally {
      this.#waiting -= 1;
    }
  }

  async #ask(now: number): Promise<void> {
    const wanted = leaseSize(this.limits, this.#share, this.#waiting, now);
    this.#share = leasedShare(this.limits, wanted, await this.#take(wanted, now), now);
  }

  async #take(wanted: number, now: number): Promise<Taken> {
    const { fullAt } = this.#share;
    if (now >= this.#aloneUntil) {
      try {
        return await this.#options.take(wanted, fullAt, now);
      } catch (error) {
        this.#options.onUnavailable(error);
        this.#aloneUntil = this.#clock() + aloneMs;
      }
    }
    return takeTokens(this.limits, fullAt, wanted, now);
  }
}
