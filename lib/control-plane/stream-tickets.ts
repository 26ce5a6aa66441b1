import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ticketKeySecretName } from '#core/contract/platform/names.ts';

/** The key that signs the tickets of event streams, generated at deployment. */
export class StreamTickets extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const key = new Secret(this, 'Key', {
      secretName: ticketKeySecretName,
      description: 'Signs the tickets for streams of flag events',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(key).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Tickets expire within 30 minutes and give no access to data. To rotate the key, put a new value: functions use it within a minute, and clients fetch new tickets.',
    });
  }
}
