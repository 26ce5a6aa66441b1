import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, errorCatalogue } from '#core/contract/api/errors.ts';
import { type Problem, problemTypeOf, requestInstance, securityHeaders } from '#core/contract/api/http.ts';
import { discardBody } from './body.ts';

/** Any error as a problem (RFC 9457); one that is not meant for the caller shows nothing of itself. */
function problemOf(error: unknown, requestId: string): Problem {
  const { code, message, errors } = error instanceof AppError ? error : new AppError('internal', '');
  const { status, title } = errorCatalogue[code];
  return {
    type: problemTypeOf(code),
    title,
    status,
    code,
    detail: message || `${title}. See the log of request ${requestId}.`,
    instance: requestInstance(requestId),
    ...(errors.length > 0 && { errors: [...errors] }),
  };
}

/** CORS headers hold for a refusal too: without them a page could not read why. */
const isCors = (name: string) => name.startsWith('access-control-') || name === 'vary';

const headersOf = (status: number, error: unknown): Record<string, string> => {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  const retryAfter = (error instanceof AppError ? error.retryAfter : undefined) ?? (status === 503 ? 1 : undefined);
  return retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
};

/** Refuses a request with a problem; to a HEAD without its body, as HTTP has it. */
export async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  requestId: string,
): Promise<void> {
  const wasRead = await discardBody(request);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (!wasRead) response.shouldKeepAlive = false;
  const problem = problemOf(error, requestId);
  const body = JSON.stringify(problem);
  for (const name of response.getHeaderNames()) if (!isCors(name)) response.removeHeader(name);
  response.writeHead(problem.status, {
    ...securityHeaders,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    ...headersOf(problem.status, error),
  });
  response.end(body);
}
