import { randomBytes } from 'node:crypto';
import { ticketKeySecretName } from '#core/contract/names.ts';
import type { AwsService } from './aws/service.ts';

/** Puts the key of the event streams' tickets into the vault, as the deployment does in AWS; one that is there stays. */
export const keepTicketKey = async (vault: AwsService): Promise<void> => {
  try {
    await vault.call('CreateSecret', {
      Name: ticketKeySecretName,
      SecretString: randomBytes(32).toString('base64url'),
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceExistsException')) throw error;
  }
};
