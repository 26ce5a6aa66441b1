import { AppError } from '#core/contract/api/errors.ts';
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

/** The problem of a failed request in the words of OpenFeature's protocol; status and headers stay what they are. */
export const ofrepRefusal: Refusal = (error, event) => {
  const { body = '', headers, ...answer } = problemAnswer(error, event);
  const { detail } = JSON.parse(body) as { detail: string };
  const key = event.pathParameters?.['key'];
  const failure: OfrepFailure = {
    ...(key !== undefined && { key }),
    errorCode: errorCodeOf(error),
    errorDetails: detailsOf(error, detail),
  };
  return { ...answer, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(failure) };
};
