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

/** A condition on the item at commit time. `below` compares two attributes. */
export type Condition =
  | { absent: true }
  | { equals: Record<string, Scalar> }
  | { below: { attribute: string; limit: string }; equals: Record<string, Scalar> }
  | { absentOr: Record<string, Scalar> };

export interface Guard {
  condition: Condition;
  /** The caller's error if the condition is false. */
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
  /** Writes nothing: checks an item that the change depends on. */
  | { kind: 'check'; table: TableName; key: Key; guard: Guard };

/** An audit event before it is chained. */
export type AuditDraft = Pick<AuditEvent, 'target'> &
  Partial<Pick<AuditEvent, 'before' | 'after' | 'reason' | 'operationId'>> & { action: Action };

/** The actor and request of a change, the same for all its audit events. */
export interface Cause {
  actor: Actor;
  requestId: string;
  source: { ip?: string; userAgent?: string };
}

/**
 * The only way to change anything: writes and their audit events, committed in one transaction. `audit` may be empty
 * only if all writes are bookkeeping of an operation (its steps, its ledger).
 */
export interface Change {
  /** The audit stream: a tenant id, `SYSTEM`, `FLAGSET`, or `FLAG#<key>`. */
  stream: string;
  cause: Cause;
  writes: readonly Write[];
  audit: readonly AuditDraft[];
}
