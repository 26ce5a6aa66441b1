import { verifyChain } from '#core/audit/verify-chain.ts';
import type { AuditVerification } from '#core/contract/api/audit-query.ts';
import { auditItemsOf, recordedHead } from '#stores/audit/audit-log.ts';

/** Walks the chain of a stream from its first event to its head. */
export const verifyStream = (stream: string): Promise<AuditVerification> =>
  verifyChain(auditItemsOf(stream), () => recordedHead(stream));
