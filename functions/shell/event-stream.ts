import type { Writable } from 'node:stream';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { HttpResult } from './http.ts';
import { namedError } from './named-error.ts';
import { problemAnswer } from './problems.ts';
import { logFor } from './telemetry.ts';

/** One event for a browser's EventSource, which sends `id` as Last-Event-ID when it reconnects. */
export interface ServerSentEvent {
  id: string;
  data: object;
}

export interface StreamCall {
  query: Record<string, string | undefined>;
  headers: Record<string, string | undefined>;
  /** Aborted when the client disconnects or the stream's time is up. */
  signal: AbortSignal;
}

/** Proxies close a connection that is silent for about a minute. */
const heartbeatMs = 15_000;
/** How soon a client reconnects. */
const retryMs = 1_000;
/** The stream ends this long before Lambda would end the function. */
const endEarlyMs = 5_000;

/** Pages of any origin may listen: the URL alone authorizes the caller, no cookie does. */
const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
  'x-accel-buffering': 'no',
};

const frameOf = ({ id, data }: ServerSentEvent) => `id: ${id}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * The handler of every function that answers with a stream of server-sent events. `open` authorizes the request before
 * anything is sent; its errors are answered as problems. A later error ends the stream, and the client reconnects.
 */
export const eventStream = (name: string, open: (call: StreamCall) => Promise<AsyncIterable<ServerSentEvent>>) =>
  awslambda.streamifyResponse<LambdaFunctionURLEvent>(async (event, output, context) => {
    const ending = new AbortController();
    const { signal } = ending;
    for (const loss of ['close', 'error']) output.on(loss, () => ending.abort());
    const timeUp = setTimeout(() => ending.abort(), Math.max(0, context.getRemainingTimeInMillis() - endEarlyMs));
    const { queryStringParameters: query = {} } = event;
    let isOpen = false;
    try {
      const events = await open({ query, headers: event.headers, signal });
      isOpen = true;
      await send(awslambda.HttpResponseStream.from(output, { statusCode: 200, headers }), events, signal);
    } catch (thrown) {
      // The client disconnected; errors caused by that are not failures.
      if (signal.aborted) return;
      const error = namedError(thrown);
      logFor({ function: name, requestId: event.requestContext.requestId }).error(error.message, error);
      if (!isOpen) refuse(output, problemAnswer(error, event));
    } finally {
      clearTimeout(timeUp);
      output.end();
    }
  });

const send = async (output: Writable, events: AsyncIterable<ServerSentEvent>, signal: AbortSignal) => {
  output.write(`retry: ${retryMs}\n\n`);
  const heartbeat = setInterval(() => {
    if (!output.writableNeedDrain) output.write(':\n\n');
  }, heartbeatMs);
  try {
    for await (const event of events) {
      if (signal.aborted) return;
      // A slow reader gets fewer events: only the latest matters.
      if (!output.write(frameOf(event))) await drained(output, signal);
    }
  } finally {
    clearInterval(heartbeat);
  }
};

const drained = (output: Writable, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    output.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const refuse = (output: Writable, { statusCode = 500, headers: own = {}, body = '' }: HttpResult) =>
  awslambda.HttpResponseStream.from(output, {
    statusCode,
    headers: { ...own, 'access-control-allow-origin': '*' },
  }).write(body);
