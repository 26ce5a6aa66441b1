import { createHash } from 'node:crypto';
import * as z from 'zod';
import { arnOf, lastPartOf, localAccount } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import { AwsError, type AwsService } from '#local/aws/endpoint/service.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { State } from '#local/state.ts';
import { type MessageAttribute, MessageQueue, type Received, retentionMs } from './message-queue.ts';

/** The most that SQS takes in one message. */
const maxMessageBytes = 1_048_576;
const visibilitySeconds = 30;

export interface QueuesOptions<Name extends string> {
  state: State;
  clock: VirtualClock;
  names: readonly Name[];
  /** Address of the endpoint, asked when a queue's URL is told. */
  endpointUrl: () => string;
  /** Is told of every message that a queue has taken. */
  onSend?: (queue: Name) => void;
}

export interface Queues<Name extends string> extends AwsService {
  send(queue: Name, body: string, attributes?: Record<string, string>): Promise<void>;
  urlOf(queue: Name): string;
}

const QueueUrl = z.string().min(1);
const names = z.array(z.string()).optional();
const attribute = z.strictObject({
  DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
const requests = {
  send: z.strictObject({
    QueueUrl,
    MessageBody: z
      .string()
      .min(1)
      .refine((text) => Buffer.byteLength(text) <= maxMessageBytes, `must have at most ${maxMessageBytes} bytes`),
    MessageAttributes: z.record(z.string(), attribute).default({}),
  }),
  receive: z.strictObject({
    QueueUrl,
    MaxNumberOfMessages: z.int().min(1).max(10).default(1),
    VisibilityTimeout: z.int().min(0).max(43_200).default(visibilitySeconds),
    WaitTimeSeconds: z.int().min(0).max(20).default(0),
    AttributeNames: names,
    MessageSystemAttributeNames: names,
    MessageAttributeNames: names,
  }),
  delete: z.strictObject({ QueueUrl, ReceiptHandle: z.string().min(1) }),
  url: z.strictObject({ QueueName: z.string().min(1), QueueOwnerAWSAccountId: z.string().optional() }),
  attributes: z.strictObject({ QueueUrl, AttributeNames: names }),
  list: z.strictObject({ QueueNamePrefix: z.string().default(''), MaxResults: z.int().min(1).max(1000).optional() }),
  purge: z.strictObject({ QueueUrl }),
};

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

const asked = <T>(wanted: readonly string[] | undefined, values: Readonly<Record<string, T>>) =>
  wanted?.includes('All') || wanted?.includes('.*')
    ? values
    : Object.fromEntries(Object.entries(values).filter(([name]) => wanted?.includes(name)));

const systemAttributes = (message: Received) => ({
  SentTimestamp: String(Math.floor(message.sentAt)),
  ApproximateReceiveCount: String(message.receives),
  ApproximateFirstReceiveTimestamp: String(Math.floor(message.firstReceivedAt ?? message.sentAt)),
});

const describeMessage = (message: Received, wanted: z.infer<typeof requests.receive>) => ({
  MessageId: message.id,
  ReceiptHandle: message.receiptHandle,
  Body: message.body,
  MD5OfBody: md5(message.body),
  Attributes: asked(wanted.MessageSystemAttributeNames ?? wanted.AttributeNames, systemAttributes(message)),
  MessageAttributes: asked<MessageAttribute>(wanted.MessageAttributeNames, message.attributes),
});

/** SQS on this machine, as far as a dead-letter queue is used: fixed queues, kept over a restart. */
export const openQueues = async <Name extends string>(options: QueuesOptions<Name>): Promise<Queues<Name>> => {
  const { state, clock, endpointUrl, onSend } = options;
  const queues = new Map<string, { name: Name; queue: MessageQueue }>();
  for (const name of options.names) queues.set(name, { name, queue: await MessageQueue.open(name, state, clock) });

  const find = (urlOrName: string) => {
    const found = queues.get(lastPartOf(urlOrName));
    if (!found) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return found;
  };
  const urlOf = (name: Name) => `${endpointUrl()}/${localAccount}/${name}`;

  const send = async (urlOrName: string, body: string, attributes?: Record<string, MessageAttribute>) => {
    const { name, queue } = find(urlOrName);
    const message = await queue.send(body, attributes);
    onSend?.(name);
    return message;
  };

  const attributesOf = ({ name, queue }: { name: Name; queue: MessageQueue }): Record<string, string> => {
    const { visible, hidden } = queue.counts();
    return {
      QueueArn: arnOf('sqs', name),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(hidden),
      ApproximateNumberOfMessagesDelayed: '0',
      VisibilityTimeout: String(visibilitySeconds),
      MessageRetentionPeriod: String(retentionMs / 1000),
      MaximumMessageSize: String(maxMessageBytes),
    };
  };

  return {
    ...serviceOf({
      SendMessage: operation(requests.send, async (input) => {
        const message = await send(input.QueueUrl, input.MessageBody, input.MessageAttributes);
        return { MessageId: message.id, MD5OfMessageBody: md5(message.body) };
      }),
      ReceiveMessage: operation(requests.receive, async (input) => {
        const { queue } = find(input.QueueUrl);
        const { MaxNumberOfMessages: most, VisibilityTimeout, WaitTimeSeconds } = input;
        const messages = await queue.receive(most, VisibilityTimeout * 1000, WaitTimeSeconds * 1000);
        return { Messages: messages.map((message) => describeMessage(message, input)) };
      }),
      DeleteMessage: operation(requests.delete, async (input) => {
        await find(input.QueueUrl).queue.delete(input.ReceiptHandle);
        return {};
      }),
      PurgeQueue: operation(requests.purge, async (input) => {
        await find(input.QueueUrl).queue.purge();
        return {};
      }),
      GetQueueUrl: operation(requests.url, ({ QueueName }) => ({ QueueUrl: urlOf(find(QueueName).name) })),
      GetQueueAttributes: operation(requests.attributes, (input) => ({
        Attributes: asked(input.AttributeNames, attributesOf(find(input.QueueUrl))),
      })),
      ListQueues: operation(requests.list, ({ QueueNamePrefix, MaxResults }) => ({
        QueueUrls: options.names
          .filter((name) => name.startsWith(QueueNamePrefix))
          .slice(0, MaxResults)
          .map(urlOf),
      })),
    }),
    async send(queue, body, attributes = {}) {
      const typed = Object.entries(attributes).map(([name, StringValue]) => [
        name,
        { DataType: 'String', StringValue },
      ]);
      await send(queue, body, Object.fromEntries(typed));
    },
    urlOf,
  };
};
