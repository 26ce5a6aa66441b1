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

  /**
   * Runs `work` as one of the requests under way, when it is its tenant's turn; throws `rate_limited` where there are too
   * many. Who is of no tenant has no share to keep to, and waits for no turn.
   */
  async run(tenantId: string | undefined, work: () => Promise<void>): Promise<void> {
    if (this.#all >= this.#most) throw tooMany();
    const own = tenantId === undefined ? 0 : this.#ownOf(tenantId);
    if (own >= Math.max(1, this.#most * shareOfOne)) throw tooMany();
    this.#all += 1;
    if (tenantId !== undefined) this.#byTenant.set(tenantId, own + 1);
    try {
      if (tenantId !== undefined) await this.#turns.take(tenantId);
      await work();
    } finally {
      this.#all -= 1;
      if (tenantId !== undefined) this.#leave(tenantId);
    }
  }

  #ownOf(tenantId: string): number {
    return this.#byTenant.get(tenantId) ?? 0;
  }

  #leave(tenantId: string): void {
    const left = this.#ownOf(tenantId) - 1;
    if (left === 0) this.#byTenant.delete(tenantId);
    else this.#byTenant.set(tenantId, left);
  }
}

const tooMany = () => new AppError('rate_limited', 'Too many requests are under way.', { retryAfter: 1 });
