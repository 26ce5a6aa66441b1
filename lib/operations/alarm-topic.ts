import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** The topic for alarm notifications. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: { email?: string }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { topicName: 'tenantry-alarms', enforceSSL: true });
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }
}
