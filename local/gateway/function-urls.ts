import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '#core/contract/api/errors.ts';
import type { Trigger } from '#functions/function-spec.ts';
import { FunctionError } from '#local/aws/lambda/function-error.ts';
import { ResponseStream } from '#local/aws/lambda/response-stream.ts';
import type { InvokeStreaming } from '#local/aws/lambda/runtime.ts';
import { now } from '#stores/aws/clock.ts';
import { addressOf } from './address.ts';
import { bodyOf } from './body.ts';
import { eventOf } from './event.ts';
import { refuse } from './problem.ts';

export interface FunctionUrlsOptions {
  /** The functions; those with a URL of their own are served. */
  functions: Readonly<Record<string, { trigger: Trigger }>>;
  stream: InvokeStreaming;
  /** Called with errors outside of the functions. */
  report: (error: unknown) => void;
}

export interface FunctionUrls {
  /** Serves a request whose path is a function's; returns false for any other. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  /** Ends every stream. */
  close(): void;
}

/** Lambda's function URLs take as much. */
const maxBodyBytes = 6_291_456;

/** Serves the functions that stream: each at a path of this server, where AWS gives it a host of its own. */
export function functionUrls({ functions, stream, report }: FunctionUrlsOptions): FunctionUrls {
  const names = new Map<string, string>();
  for (const [name, { trigger }] of Object.entries(functions)) {
    if (trigger.kind === 'response-stream') names.set(trigger.path, name);
  }
  const open = new Set<ResponseStream>();

  const serve = async (name: string, request: IncomingMessage, response: ServerResponse, requestId: string) => {
    const { path, query } = addressOf(request);
    const method = request.method ?? '';
    const route = { method, path, key: '$default', isPublic: true, functionName: name, maxBodyBytes };
    const body = await bodyOf(request, maxBodyBytes);
    const match = { route, pathParameters: undefined };
    const event = eventOf({ request, match, path, query, body, claims: undefined, requestId, time: now() });
    const output = new ResponseStream();
    open.add(output);
    try {
      send(output, response, requestId);
      await stream(name, event, output);
    } finally {
      open.delete(output);
    }
  };

  return {
    answer: (request, response) => {
      const name = names.get(addressOf(request).path);
      if (name === undefined) return false;
      const requestId = randomUUID();
      serve(name, request, response, requestId).catch((error: unknown) => {
        if (!(error instanceof FunctionError)) report(error);
        refuse(request, response, callerError(error), requestId).catch(report);
      });
      return true;
    },
    close: () => {
      for (const output of open) output.destroy();
    },
  };
}

/** Sends the status with the first bytes: until then the function may still set it. */
function send(output: ResponseStream, response: ServerResponse, requestId: string): void {
  output.once('readable', () => {
    const { statusCode = 200, headers = {} } = output.head;
    response.writeHead(statusCode, { ...headers, 'x-request-id': requestId, connection: 'close' });
    output.pipe(response);
  });
  output.once('close', () => response.end());
  response.once('close', () => output.destroy());
}

const callerError = (error: unknown): unknown =>
  error instanceof FunctionError && error.errorType === 'TooManyRequestsException'
    ? new AppError('rate_limited', 'No more streams may be open.', { cause: error, retryAfter: 1 })
    : error;
