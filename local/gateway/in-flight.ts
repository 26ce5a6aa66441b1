import { AppError } from '#core/contract/errors.ts';
import { Turns } from './turns.ts';

/** No tenant may have more than this part of all requests under way: it would fill the queue of the others. */
const shareOfOne = 1 / 4;

/** The requests under way, and whose they are: refuses those beyond `most`, or beyond one tenant's share of it. */
export class InFlight {
  readonly #most: number;
  readonly #byTenant = new Map<string, number>();
  readonly #turns = new Turns();
  #all = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Runs `work` as one of the requests under way; throws `rate_limited` where there are too many. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#all >= this.#most) throw tooMany();
    this.#all += 1;
    try {
      return await work();
    } finally {
      this.#all -= 1;
    }
  }

  /** Runs `work` as one of the requests of this tenant; who is of none has no share to keep to. */
  async runFor<T>(tenantId: string | undefined, work: () => Promise<T>): Promise<T> {
    if (tenantId === undefined) return work();
    const own = this.#byTenant.get(tenantId) ?? 0;
    if (own >= Math.max(1, this.#most * shareOfOne)) throw tooMany();
    this.#byTenant.set(tenantId, own + 1);
    try {
      await this.#turns.take(tenantId);
      return await work();
    } finally {
      const left = (this.#byTenant.get(tenantId) ?? 1) - 1;
      if (left === 0) this.#byTenant.delete(tenantId);
      else this.#byTenant.set(tenantId, left);
    }
  }
}

const tooMany = () => new AppError('rate_limited', 'Too many requests are under way.', { retryAfter: 1 });
