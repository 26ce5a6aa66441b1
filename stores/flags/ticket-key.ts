import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ticketKeySecretName } from '#core/contract/platform/names.ts';
import { secrets } from '#stores/aws/clients.ts';
import { TtlCache } from '#stores/aws/ttl-cache.ts';

/** A changed key takes effect within this time. */
const ticketKeys = new TtlCache<string>({ ttlMs: 60_000, maxKeys: 1 });

/** The key that signs the tickets of event streams. */
export const readTicketKey = (): Promise<string> =>
  ticketKeys.get(ticketKeySecretName, async () => {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: ticketKeySecretName }));
    if (!SecretString) throw new Error(`The secret ${ticketKeySecretName} has no text.`);
    return SecretString;
  });
