import type { Write } from '#core/change.ts';
import type { Action } from '#core/contract/events/catalogue.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';

/** The audit actions of a kind's roll-back, and what its end releases beyond the entries of the ledger. */
export interface RollBackEnd {
  failed: Action;
  undone: Action;
  /** The tenant as it is left, and what is released in the same transaction. */
  release: (tenant: TenantRecord) => { tenant: TenantRecord; writes: readonly Write[] };
}
