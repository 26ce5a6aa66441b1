import * as z from 'zod';
import { arnOf, lastPartOf, localAccount } from '#local/aws/endpoint/names.ts';
import { AwsError, type AwsService, unknownOperation } from '#local/aws/endpoint/service.ts';
import type { Fauxqs } from '#local/aws/fauxqs.ts';

export interface QueuesOptions<Name extends string> {
  fauxqs: Fauxqs;
  /** Created where they are not there yet. */
  names: readonly Name[];
  /** Address of the endpoint, known once it listens. */
  endpointUrl: () => string;
  /** Called for every message that a queue has accepted. */
  onSend?: (queue: string) => void;
}

export interface Queues<Name extends string> extends AwsService {
  send(queue: Name, body: string, attributes?: Record<string, string>): Promise<void>;
}

/** What the product calls, and what a person needs who looks through the dead letters. */
const operations = new Set([
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'PurgeQueue',
  'GetQueueUrl',
  'GetQueueAttributes',
  'ListQueues',
]);

const refusal = z.object({ __type: z.string(), message: z.string() });
const attributes = { MessageRetentionPeriod: String(14 * 86_400) };

/** SQS on this machine: fauxqs, with a fixed set of queues. */
export const openQueues = <Name extends string>(options: QueuesOptions<Name>): Queues<Name> => {
  const { fauxqs, names, endpointUrl, onSend } = options;
  const urlOf = (queue: string) => `${endpointUrl()}/${localAccount}/${lastPartOf(queue)}`;
  for (const name of names) {
    if (!fauxqs.sqsStore.getQueueByName(name))
      fauxqs.sqsStore.createQueue(name, `http://local/${localAccount}/${name}`, arnOf('sqs', name), attributes);
  }

  const call: AwsService['call'] = async (operation, input) => {
    if (!operations.has(operation)) throw unknownOperation(operation);
    const { statusCode, body } = await fauxqs.app.inject({
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
      payload: JSON.stringify(input),
    });
    const answer = JSON.parse(body || '{}');
    if (statusCode >= 400) {
      const { __type, message } = refusal.parse(answer);
      throw new AwsError(lastPartOf(__type.replace('#', '/')), message, statusCode);
    }
    if (operation === 'SendMessage') onSend?.(lastPartOf(String(input['QueueUrl'])));
    // A queue remembers the address at which it was created, the port of an earlier run.
    if (operation === 'GetQueueUrl') return { QueueUrl: urlOf(answer.QueueUrl) };
    if (operation === 'ListQueues') return { ...answer, QueueUrls: answer.QueueUrls.map(urlOf) };
    return answer;
  };

  return {
    call,
    async send(queue, MessageBody, given = {}) {
      const typed = Object.entries(given).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]);
      await call('SendMessage', { QueueUrl: urlOf(queue), MessageBody, MessageAttributes: Object.fromEntries(typed) });
    },
    async close() {},
  };
};
