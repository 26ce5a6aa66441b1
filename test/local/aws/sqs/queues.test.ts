import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { aFolder, aLocalAws } from '#test/local/aws/endpoint/endpoint-fixture.ts';

const urlOf = async (client: SQSClient, QueueName = 'letters') =>
  (await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
const receive = async (client: SQSClient, more = {}) =>
  (
    await client.send(
      new ReceiveMessageCommand({ QueueUrl: await urlOf(client), MessageAttributeNames: ['All'], ...more }),
    )
  ).Messages ?? [];

test('a dead letter is received with its reason, hidden from others for a while, and gone once deleted', async () => {
  await using aws = await aLocalAws();
  const QueueUrl = await urlOf(aws.queue);
  const MessageAttributes = { ERROR_MESSAGE: { DataType: 'String', StringValue: 'no such tier' } };
  await aws.queue.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"slug":"ä"}', MessageAttributes }));
  const [letter] = await receive(aws.queue, { VisibilityTimeout: 1 });
  expect(letter).toMatchObject({ Body: '{"slug":"ä"}', MessageAttributes });
  expect(await receive(aws.queue)).toEqual([]);
  const [again] = await receive(aws.queue, { WaitTimeSeconds: 20, AttributeNames: ['ApproximateReceiveCount'] });
  expect(again).toMatchObject({ MessageId: letter?.MessageId, Attributes: { ApproximateReceiveCount: '2' } });
  await aws.queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
  expect(await receive(aws.queue, { WaitTimeSeconds: 2 })).toEqual([]);
});

test('letters outlive a restart in their order, those handed out too', async () => {
  using place = aFolder();
  {
    await using before = await aLocalAws(place);
    for (const body of ['first', 'second']) await before.queues.send('letters', body, { ERROR_CODE: 'x' });
    await receive(before.queue, { VisibilityTimeout: 0 });
  }
  await using after = await aLocalAws(place);
  await after.queues.send('letters', 'third');
  const letters = await receive(after.queue, { MaxNumberOfMessages: 10 });
  expect(letters.map(({ Body }) => Body)).toEqual(['first', 'second', 'third']);
  expect(await urlOf(after.queue)).toBe(`${after.url}/000000000000/letters`);
});

test('who waits for a letter gets it when it comes', async () => {
  await using aws = await aLocalAws();
  const waiting = receive(aws.queue, { WaitTimeSeconds: 20 });
  await aws.queues.send('letters', 'at last');
  expect((await waiting)[0]?.Body).toBe('at last');
});

test('the queue is found, counted and emptied by the command line', async () => {
  await using aws = await aLocalAws();
  const { QueueUrls } = await aws.queue.send(new ListQueuesCommand({}));
  expect(QueueUrls).toEqual([await urlOf(aws.queue)]);
  const QueueUrl = await urlOf(aws.queue);
  const count = async () => {
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    return (await aws.queue.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
  };
  await aws.queues.send('letters', 'one');
  expect(await count()).toEqual({ ApproximateNumberOfMessages: '1' });
  await aws.queue.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await count()).toEqual({ ApproximateNumberOfMessages: '0' });
});

test('a queue that is not there is refused by name, and no other is created', async () => {
  await using aws = await aLocalAws();
  await expect(aws.queue.send(new CreateQueueCommand({ QueueName: 'other' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
  await expect(urlOf(aws.queue, 'other')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});
