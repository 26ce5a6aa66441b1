import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { environment } from '#core/contract/platform/names.ts';
import { queues } from './clients.ts';
import { setting } from './environment.ts';

/** Sends a rejected event to the dead-letter queue, whole, with the reason. */
export const sendDeadLetter = (event: unknown, reason: string) =>
  queues.send(
    new SendMessageCommand({
      QueueUrl: setting(environment.deadLetterQueueUrl),
      MessageBody: JSON.stringify(event),
      MessageAttributes: { ERROR_MESSAGE: { DataType: 'String', StringValue: reason.slice(0, 1024) } },
    }),
  );
