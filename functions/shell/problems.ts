import { AppError, errorCatalogue } from '#core/contract/api/errors.ts';
import { type Problem, problemTypeOf, requestInstance, securityHeaders } from '#core/contract/api/http.ts';
import type { HttpEvent, HttpResult } from './http.ts';

/** The part of a request that its problem names. */
interface RequestRef {
  requestContext: Pick<HttpEvent['requestContext'], 'requestId'>;
}

/** The answer to a failed request (RFC 9457). Internal errors are not shown: the request id finds them in the log. */
export const problemAnswer = (error: unknown, event: RequestRef): HttpResult => {
  const { requestId } = event.requestContext;
  const known = error instanceof AppError ? error : new AppError('internal', '');
  const { status, title } = errorCatalogue[known.code];
  const problem: Problem = {
    type: problemTypeOf(known.code),
    title,
    status,
    code: known.code,
    detail: status >= 500 ? `${title}. See the log of request ${requestId}.` : known.message,
    instance: requestInstance(requestId),
    ...(known.errors.length > 0 && { errors: [...known.errors] }),
    ...(known.operationId !== undefined && { operationId: known.operationId }),
  };
  return {
    statusCode: status,
    headers: {
      ...securityHeaders,
      'content-type': 'application/problem+json',
      'x-request-id': requestId,
      ...retryHeader(known.retryAfter ?? (status === 503 ? 1 : undefined)),
    },
    body: JSON.stringify(problem),
  };
};

const retryHeader = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { 'retry-after': String(seconds) };
