import { AppError, errorCatalogue } from '#core/contract/api/errors.ts';

interface ServiceError extends Error {
  $metadata?: { httpStatusCode?: number };
  $retryable?: object;
}

const isTransient = ({ $metadata, $retryable }: ServiceError) =>
  $retryable !== undefined || ($metadata?.httpStatusCode ?? 0) >= 500 || $metadata?.httpStatusCode === 429;

/** Services that speak JSON throttle with status 400: only the name tells it from a faulty request. */
const throttled =
  /^(Throttl(ing|ed)(Exception)?|RequestThrottled(Exception)?|ProvisionedThroughputExceededException|RequestLimitExceeded|TooManyRequestsException|TransactionInProgressException)$/;
const networkErrors =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|TimeoutError)$/;

/**
 * Any error as one of the catalogue: what a service or the network may get over is `dependency_unavailable`,
 * and so is tried again; what nobody foresaw is `internal`, with its own words for the record.
 */
export const namedError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return new AppError('internal', `A ${typeof error} was thrown.`, { cause: error });
  const { code } = error as { code?: unknown };
  const message = `${error.name}: ${error.message}`;
  const names = [error.name, String(code)];
  const lost = isTransient(error) || names.some((name) => throttled.test(name) || networkErrors.test(name));
  return new AppError(lost ? 'dependency_unavailable' : 'internal', message, { cause: error });
};

export const isTransientError = ({ code }: AppError) => errorCatalogue[code].transient;
