import type { OperationKind } from '#core/operation/kinds.ts';
import type { OperationRecord } from '#core/operation/operation.ts';
import { deps } from '#functions/deps.ts';
import { restoreSessions } from '#stores/aws/session-revocation.ts';

/** What is done once an operation has reached its end and nothing can undo it any more; may be repeated. */
export const completions: Partial<Record<OperationKind, (operation: OperationRecord) => Promise<void>>> = {
  resume: ({ subject }) => restoreSessions(subject.id, deps.now()),
};
