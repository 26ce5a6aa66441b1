import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ticketKeySecretName } from '#core/contract/platform/names.ts';

/** The key that signs the tickets of event streams: made at deployment, known to nobody. */
export class StreamTickets extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const key = new Secret(this, 'Key', {
      secretName: ticketKeySecretName,
      description: 'Signs the tickets that open streams of flag events',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(key).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'What it signs is good for 30 minutes and opens no data. Whoever wants another puts a new value: the functions take it within a minute, and clients fetch new tickets.',
    });
  }
}
