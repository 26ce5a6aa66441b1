import { AppError } from '#core/contract/api/errors.ts';
import type { Problem } from '#core/contract/api/http.ts';
import type { OfrepFailure } from '#core/contract/api/ofrep.ts';
import type { Refusal } from './http.ts';
import { problemAnswer } from './problems.ts';

/** A body that cannot be read at all names no field. */
const errorCodeOf = (error: unknown): OfrepFailure['errorCode'] => {
  if (!(error instanceof AppError) || error.code !== 'invalid_request') return 'GENERAL';
  return error.errors.length === 0 ? 'PARSE_ERROR' : 'INVALID_CONTEXT';
};

const detailsOf = (error: unknown, detail: string) =>
  error instanceof AppError && error.errors.length > 0
    ? error.errors.map(({ path, message }) => `${path || 'the body'} ${message}`).join('; ')
    : detail;

/**
 * A failed request's problem in OpenFeature's protocol, with the same status and headers. What the protocol has no code
 * for carries the catalogue's in `metadata.code`.
 */
export const ofrepRefusal: Refusal = (error, event) => {
  const { body = '', headers, ...answer } = problemAnswer(error, event);
  const { code, detail } = JSON.parse(body) as Problem;
  const key = event.pathParameters?.['key'];
  const errorCode = errorCodeOf(error);
  const failure: OfrepFailure = {
    ...(key !== undefined && { key }),
    errorCode,
    errorDetails: detailsOf(error, detail),
    // `GENERAL` stands for anything.
    ...(errorCode === 'GENERAL' && { metadata: { code } }),
  };
  return { ...answer, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(failure) };
};
