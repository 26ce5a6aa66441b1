import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { environment } from '#core/contract/platform/names.ts';
import { queues } from './clients.ts';
import { setting } from './environment.ts';

/** Keeps an event that could not be taken, whole, with the reason. */
export const keepDeadLetter = (event: unknown, reason: string) =>
  queues.send(
    new SendMessageCommand({
      QueueUrl: setting(environment.deadLetterQueueUrl),
      MessageBody: JSON.stringify(event),
      MessageAttributes: { ERROR_MESSAGE: { DataType: 'String', StringValue: reason.slice(0, 1024) } },
    }),
  );
