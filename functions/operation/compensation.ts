import type { AuditDraft, Write } from '#core/change.ts';
import type { Resource } from '#core/operation/ledger.ts';
import type { TenantRecord } from '#core/tenant/tenant-record.ts';

export interface CompensationContext {
  tenant: TenantRecord;
  /** The entry of the ledger that is undone. */
  entry: Resource;
  /** Commits a part where there is more to remove than one transaction holds; `removed` says how many of what. */
  commitPart: (writes: readonly Write[], removed: Readonly<Record<string, number>>) => Promise<void>;
}

/** What is left for the transaction that takes the entry off the ledger: at most `mostWritesLeft` writes. */
export interface Remainder {
  writes?: readonly Write[];
  audit?: readonly AuditDraft[];
}

/** A transaction holds 100 writes, the audit events and records of a roll-back's end among them. */
export const mostWritesLeft = 45;

/** Undoes one entry of the ledger. It may be repeated, and goes on where it stopped. */
export type Compensation = (context: CompensationContext) => Promise<Remainder>;
