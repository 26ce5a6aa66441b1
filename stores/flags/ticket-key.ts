import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ticketKeySecretName } from '#core/contract/platform/names.ts';
import { secrets } from '#stores/aws/clients.ts';

/** How long a changed key may go unnoticed. */
const maxAgeMs = 60_000;

let held: { key: Promise<string>; readAt: number } | undefined;

const read = async (): Promise<string> => {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: ticketKeySecretName }));
  if (!SecretString) throw new Error(`The secret ${ticketKeySecretName} has no text.`);
  return SecretString;
};

/** The key that tickets of event streams are signed with; read once a minute at most. */
export const readTicketKey = (): Promise<string> => {
  if (held && performance.now() - held.readAt < maxAgeMs) return held.key;
  const key = read();
  held = { key, readAt: performance.now() };
  key.catch(() => {
    held = undefined;
  });
  return key;
};
