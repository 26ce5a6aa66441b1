import { digest } from '#core/audit/audit-chain.ts';
import type { Cause, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { keys } from '#core/keys.ts';

/** What a caller is answered, and is answered again whenever the request is repeated. */
export interface Started {
  tenant: Tenant;
  operation: Operation;
}

export interface StoredRequest {
  bodyHash: string;
  answer: Started;
}

/** A request that begins an operation; `content` is all that must be the same where the key is. */
export interface KeyedRequest {
  content: unknown;
  idempotencyKey: string | undefined;
  cause: Cause;
}

/**
 * Remembers the answer under the caller's key. It must be the first write of its change: the first guard that fails
 * names the error, and a repeated request must learn that it is one before it learns that its slug is taken.
 */
export const rememberRequest = ({ content, idempotencyKey, cause }: KeyedRequest, answer: Started): Write[] => {
  if (idempotencyKey === undefined) return [];
  const stored: StoredRequest = { bodyHash: digest(content), answer };
  return [
    {
      kind: 'put',
      table: 'tenants',
      item: { ...keys.request(cause.actor, idempotencyKey), ...stored },
      guard: {
        condition: { absent: true },
        otherwise: { code: 'idempotency_mismatch', message: 'This idempotency key is in use.' },
      },
    },
  ];
};

/** Answers a repeated request as it was answered first; refuses the same key with another body. */
export const repeatedAnswer = (stored: StoredRequest, content: unknown): Started => {
  if (stored.bodyHash !== digest(content)) {
    throw new AppError('idempotency_mismatch', 'This idempotency key was used before, with another body.');
  }
  return stored.answer;
};
