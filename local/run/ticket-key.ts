import { randomBytes } from 'node:crypto';
import { ticketKeySecretName } from '#core/contract/platform/names.ts';
import type { AwsService } from '#local/aws/endpoint/service.ts';

/** Creates the key of the event streams' tickets in Secrets Manager, as a deployment does in AWS, unless it exists. */
export const keepTicketKey = async (secretsManager: AwsService): Promise<void> => {
  try {
    await secretsManager.call('CreateSecret', {
      Name: ticketKeySecretName,
      SecretString: randomBytes(32).toString('base64url'),
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceExistsException')) throw error;
  }
};
