import { AppError } from '#core/contract/api/errors.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { takeTokens } from '#core/limits/token-bucket.ts';

/** A limit on all callers together, as API Gateway throttles a stage or a route. */
export class Throttle {
  readonly #limits: Limits;
  #fullAt = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Counts a request; throws `rate_limited` beyond the limit. */
  take(): void {
    const { tokens, fullAt } = takeTokens(this.#limits, this.#fullAt, 1, Date.now());
    if (tokens === 0) throw new AppError('rate_limited', 'Too many requests of all callers.', { retryAfter: 1 });
    this.#fullAt = fullAt;
  }
}
