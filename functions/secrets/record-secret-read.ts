import { secretCallSchema } from '#core/contract/platform/cloudtrail.ts';
import { secretRead } from '#core/secrets/secret-read.ts';
import { deps } from '#functions/deps.ts';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import { commitOnce } from '#stores/registry/commit-once.ts';

/** Audits each read of a tenant's secret once, in the tenant's stream. */
const recordSecretRead = async (event: BusEvent): Promise<void> => {
  const call = secretCallSchema.parse(event.detail);
  const change = secretRead(call);
  if (change) await commitOnce(change, call.eventID, deps.now());
};

export const handler = onEvent('record-secret-read', recordSecretRead);
