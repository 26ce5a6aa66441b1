import { setTimeout as delay } from 'node:timers/promises';
import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '#core/contract/api/errors.ts';
import type { ServerSentEvent } from '#functions/shell/event-stream.ts';
import { offerResponseStreaming, ResponseStream } from '#local/aws/lambda/response-stream.ts';

// The logger writes to the console, where a test can read it, only in this mode, which it reads when it is made.
vi.hoisted(() => vi.resetModules().stubEnv('POWERTOOLS_DEV', 'true'));
afterAll(() => void vi.unstubAllEnvs());
offerResponseStreaming();
const { eventStream } = await import('#functions/shell/event-stream.ts');
type Open = Parameters<typeof eventStream>[1];

let logged: { message: string; requestId: string }[];
beforeEach(() => {
  vi.useFakeTimers();
  logged = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(JSON.parse(line)));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A stream that is being answered, and what it has sent. */
const answering = (open: Open, { remainingMs = 300_000 } = {}) => {
  const output = new ResponseStream();
  const sent: string[] = [];
  output.on('data', (chunk: Buffer) => sent.push(chunk.toString()));
  const event = { headers: {}, requestContext: { requestId: 'r-1' } } as unknown as LambdaFunctionURLEvent;
  const context = { getRemainingTimeInMillis: () => remainingMs } as Context;
  const ended = Promise.resolve(eventStream('streamer', open)(event, output, context));
  return { output, sent, ended };
};

async function* eventsUntil(signal: AbortSignal, ...ids: string[]): AsyncGenerator<ServerSentEvent> {
  for (const id of ids) yield { id, data: { of: id } };
  while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 100));
}

test('events are sent as frames, and a comment keeps an idle connection alive', async () => {
  const { output, sent, ended } = answering(async ({ signal }) => eventsUntil(signal, 'a', 'b'));
  await vi.advanceTimersByTimeAsync(1);
  expect(output.head).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } });
  expect(sent.join('')).toBe(
    'retry: 1000\n\nid: a\nevent: message\ndata: {"of":"a"}\n\nid: b\nevent: message\ndata: {"of":"b"}\n\n',
  );
  sent.length = 0;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(sent).toEqual([':\n\n', ':\n\n']);
  output.destroy();
  await vi.advanceTimersByTimeAsync(200);
  await ended;
  expect(logged).toEqual([]);
});

test('a stream ends before its function times out', async () => {
  const { output, ended } = answering(async ({ signal }) => eventsUntil(signal), { remainingMs: 60_000 });
  await vi.advanceTimersByTimeAsync(54_900);
  expect(output.writableEnded).toBe(false);
  await vi.advanceTimersByTimeAsync(300);
  await ended;
  expect(output.writableEnded).toBe(true);
});

test('a caller that may not open the stream gets the reason', async () => {
  const { output, sent, ended } = answering(async () => {
    throw new AppError('not_authenticated', 'No.');
  });
  await ended;
  await vi.advanceTimersByTimeAsync(1);
  expect(output.head).toMatchObject({ statusCode: 401, headers: { 'content-type': 'application/problem+json' } });
  expect(JSON.parse(sent.join(''))).toMatchObject({ code: 'not_authenticated', detail: 'No.' });
});

async function* failing(): AsyncGenerator<ServerSentEvent> {
  yield { id: 'a', data: {} };
  throw new Error('the table is away');
}

test('a later error is logged and ends the stream', async () => {
  const { sent, ended } = answering(async () => failing());
  await vi.advanceTimersByTimeAsync(1);
  await ended;
  expect(sent.join('')).not.toContain('away');
  expect(logged).toMatchObject([{ message: expect.stringContaining('the table is away'), requestId: 'r-1' }]);
});

test('a slow client is not sent more than it can read', async () => {
  vi.useRealTimers();
  let made = 0;
  async function* endless() {
    for (;;) {
      made += 1;
      yield { id: `${made}`, data: { text: 'x'.repeat(10_000) } };
    }
  }
  const output = new ResponseStream();
  const event = { headers: {}, requestContext: { requestId: 'r-1' } } as unknown as LambdaFunctionURLEvent;
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  const ended = eventStream('streamer', async () => endless())(event, output, context);
  await delay(20);
  const before = made;
  await delay(20);
  expect(made).toBe(before);
  expect(made).toBeLessThan(20);
  output.destroy();
  await ended;
});
