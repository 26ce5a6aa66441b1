import { AppError } from '#core/contract/api/errors.ts';

/** The largest part of all requests under way that one tenant may have, so that there is room for the others. */
const shareOfOne = 1 / 4;

/** Counts the requests under way: refuses those beyond `most`, or beyond one tenant's share of it. */
export class InFlight {
  readonly #most: number;
  readonly #byTenant = new Map<string, number>();
  #all = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Counts a request until it leaves; throws `rate_limited` where there are too many. A request of no tenant counts
   * towards the whole only.
   */
  enter(tenantId: string | undefined): void {
    if (this.#all >= this.#most) throw tooMany();
    if (tenantId !== undefined) {
      const own = this.#byTenant.get(tenantId) ?? 0;
      if (own >= Math.max(1, this.#most * shareOfOne)) throw tooMany();
      this.#byTenant.set(tenantId, own + 1);
    }
    this.#all += 1;
  }

  leave(tenantId: string | undefined): void {
    this.#all -= 1;
    if (tenantId !== undefined) this.#byTenant.set(tenantId, (this.#byTenant.get(tenantId) ?? 0) - 1);
  }
}

const tooMany = () => new AppError('rate_limited', 'Too many requests are under way.', { retryAfter: 1 });
