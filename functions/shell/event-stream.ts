import type { Writable } from 'node:stream';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { HttpResult } from './http.ts';
import { namedError } from './named-error.ts';
import { problemAnswer } from './problems.ts';
import { logFor } from './telemetry.ts';

/** One event for a browser's EventSource; `id` comes back as Last-Event-ID when it connects again. */
export interface ServerSentEvent {
  id: string;
  data: object;
}

export interface StreamCall {
  query: Record<string, string | undefined>;
  headers: Record<string, string | undefined>;
  /** Aborted when the client has gone or the time of the stream is up. */
  signal: AbortSignal;
}

/** What is open is kept open: proxies close a connection that is silent for a minute or so. */
const heartbeatMs = 15_000;
/** How soon a client that lost its stream connects again. */
const retryMs = 1_000;
/** Left for the goodbye, before Lambda would end the function without one. */
const goodbyeMs = 5_000;

/** A page of any origin may listen: who opens it is told by the URL alone, and no cookie is looked at. */
const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
  'x-accel-buffering': 'no',
};

const frameOf = ({ id, data }: ServerSentEvent) => `id: ${id}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * The stack of every function that answers with a stream of server-sent events. `open` judges the request before
 * anything is sent; what it throws is answered as a problem. What fails later ends the stream: the client comes back.
 */
export const eventStream = (name: string, open: (call: StreamCall) => Promise<AsyncIterable<ServerSentEvent>>) =>
  awslambda.streamifyResponse<LambdaFunctionURLEvent>(async (event, output, context) => {
    const ending = new AbortController();
    const { signal } = ending;
    for (const lost of ['close', 'error']) output.on(lost, () => ending.abort());
    const timeUp = setTimeout(() => ending.abort(), Math.max(0, context.getRemainingTimeInMillis() - goodbyeMs));
    const { queryStringParameters: query = {} } = event;
    let isOpen = false;
    try {
      const events = await open({ query, headers: event.headers, signal });
      isOpen = true;
      await send(awslambda.HttpResponseStream.from(output, { statusCode: 200, headers }), events, signal);
    } catch (thrown) {
      // Whoever has gone is told nothing, and what failed because of that is no failure.
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
      // Whoever does not read fast enough is told less often: what counts is the last event.
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

const refuse = (output: Writable, { statusCode = 500, headers: given = {}, body = '' }: HttpResult) =>
  awslambda.HttpResponseStream.from(output, {
    statusCode,
    headers: { ...given, 'access-control-allow-origin': '*' },
  }).write(body);
