import type { Limits } from '#core/contract/model/limits.ts';
import { type Taken, takeTokens, tokensIn } from '#core/limits/token-bucket.ts';
import { decide, leaseSize, newLease, noLease, type TokenLease } from '#core/limits/token-lease.ts';
import { machineTime } from '#stores/aws/clock.ts';

export interface Verdict {
  isAllowed: boolean;
  /** Requests that are left, as far as this instance knows. */
  remaining: number;
  /** When the next request is allowed (a refusal), or when the bucket is full: milliseconds since 1970. */
  resetAt: number;
}

interface MeterOptions {
  limits: Limits;
  /** Takes tokens from the bucket that all instances share. */
  take: (wanted: number, fullAt: number, now: number) => Promise<Taken>;
  onUnavailable: (error: unknown) => void;
  clock?: () => number;
}

/** How long an instance counts by itself after the bucket did not answer. */
const fallbackMs = 1_000;

/**
 * Counts one caller's requests in one instance of a function: most spend a token leased earlier, without a call. While
 * the bucket is unavailable, the instance counts as if it were the only one.
 */
export class Meter {
  readonly limits: Limits;
  readonly #options: MeterOptions;
  readonly #clock: () => number;
  #lease: TokenLease = noLease();
  #leasing: Promise<void> | undefined;
  #waiting = 0;
  #unavailableUntil = 0;

  constructor(options: MeterOptions) {
    this.#options = options;
    this.limits = options.limits;
    this.#clock = options.clock ?? machineTime;
  }

  /** Counts one request. Requests that arrive while tokens are being leased wait for the same lease. */
  async spend(): Promise<Verdict> {
    this.#waiting += 1;
    try {
      for (;;) {
        const now = this.#clock();
        const decision = decide(this.#lease, now);
        if (decision === 'spend') return this.#spent(now);
        if (decision === 'refuse') return { isAllowed: false, remaining: 0, resetAt: this.#lease.emptyUntil };
        this.#leasing ??= this.#renew(now).finally(() => {
          this.#leasing = undefined;
        });
        await this.#leasing;
      }
    } finally {
      this.#waiting -= 1;
    }
  }

  #spent(now: number): Verdict {
    this.#lease.tokens -= 1;
    const { tokens, fullAt } = this.#lease;
    return { isAllowed: true, remaining: tokens + tokensIn(this.limits, fullAt, now), resetAt: fullAt };
  }

  async #renew(now: number): Promise<void> {
    const wanted = leaseSize(this.limits, this.#lease, this.#waiting, now);
    this.#lease = newLease(this.limits, wanted, await this.#take(wanted, now), now);
  }

  async #take(wanted: number, now: number): Promise<Taken> {
    const { fullAt } = this.#lease;
    if (now >= this.#unavailableUntil) {
      try {
        return await this.#options.take(wanted, fullAt, now);
      } catch (error) {
        this.#options.onUnavailable(error);
        this.#unavailableUntil = this.#clock() + fallbackMs;
      }
    }
    return takeTokens(this.limits, fullAt, wanted, now);
  }
}
