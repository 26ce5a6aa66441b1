import { PassThrough, type Writable } from 'node:stream';
import type { Context } from 'aws-lambda';

/** The mark by which Lambda's Node runtime knows a handler that streams. */
const streamingMark = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Status and headers of a streamed answer. */
export interface StreamHead {
  statusCode?: number;
  headers?: Readonly<Record<string, string>>;
}

/** A streaming handler writes to it, and the gateway reads from it. */
export class ResponseStream extends PassThrough {
  head: StreamHead = { statusCode: 200, headers: { 'content-type': 'application/octet-stream' } };

  setContentType(contentType: string): void {
    this.head = { ...this.head, headers: { ...this.head.headers, 'content-type': contentType } };
  }
}

export type StreamingHandler = (event: unknown, output: ResponseStream, context: Context) => unknown;

export const isStreamingHandler = (handler: object): handler is StreamingHandler => streamingMark in handler;

const runtimeGlobal = {
  streamifyResponse: (handler: StreamingHandler) => Object.assign(handler, { [streamingMark]: 'response' }),
  HttpResponseStream: {
    from: (output: Writable, head: StreamHead) => {
      if (!(output instanceof ResponseStream))
        throw new TypeError('Only a response stream takes a status and headers.');
      output.head = head;
      return output;
    },
  },
};

/**
 * Gives handlers the global `awslambda`, as Lambda's Node runtime does; powertools adds to it too. Must run before
 * they are loaded.
 */
export const offerResponseStreaming = (): void => {
  const there = 'awslambda' in globalThis ? (globalThis.awslambda as object) : {};
  Object.assign(globalThis, { awslambda: Object.assign(there, runtimeGlobal) });
};
