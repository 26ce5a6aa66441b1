import type { ErrorCode } from './contract/api/errors.ts';
import type { Action, Actor, AuditEvent } from './contract/events/catalogue.ts';
import type { TableName } from './contract/platform/names.ts';

type Scalar = string | number | boolean;

/** The primary key of an item in every table. */
export interface Key {
  pk: string;
  sk: string;
}
export type Item = Key & Record<string, unknown>;

/** What must hold of the item, as it is when the change is committed. `below` compares two attributes. */
export type Condition =
  | { absent: true }
  | { equals: Record<string, Scalar> }
  | { below: { attribute: string; limit: string }; equals: Record<string, Scalar> }
  | { absentOr: Record<string, Scalar> };

export interface Guard {
  condition: Condition;
  /** What the caller is told when the condition does not hold. */
  otherwise: { code: ErrorCode; message: string };
}

export type Write =
  | { kind: 'put'; table: TableName; item: Item; guard?: Guard }
  | {
      kind: 'update';
      table: TableName;
      key: Key;
      set?: Record<string, Scalar>;
      add?: Record<string, number>;
      guard: Guard;
    }
  | { kind: 'delete'; table: TableName; key: Key; guard?: Guard }
  /** Changes nothing: what must hold of an item that the change rests on. */
  | { kind: 'check'; table: TableName; key: Key; guard: Guard };

/** An audit event before it has its place in a chain. */
export type AuditDraft = Pick<AuditEvent, 'target'> &
  Partial<Pick<AuditEvent, 'before' | 'after' | 'reason' | 'operationId'>> & { action: Action };

/** Who does it, on whose request: the same for every audit event of one change. */
export interface Cause {
  actor: Actor;
  requestId: string;
  source: { ip?: string; userAgent?: string };
}

/**
 * The one way to change anything: writes and their audit events, committed together or not at all.
 * `audit` may be empty only where all writes are bookkeeping of an operation (its steps, its ledger).
 */
export interface Change {
  /** The audit stream: a tenant id, `SYSTEM`, `FLAGSET`, or `FLAG#<key>`. */
  stream: string;
  cause: Cause;
  writes: readonly Write[];
  audit: readonly AuditDraft[];
}
