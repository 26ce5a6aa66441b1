import { AppError, errorCatalogue } from '#core/contract/api/errors.ts';

interface ServiceError extends Error {
  $metadata?: { httpStatusCode?: number };
  $retryable?: object;
}

const isTransient = ({ $metadata, $retryable }: ServiceError) =>
  $retryable !== undefined || ($metadata?.httpStatusCode ?? 0) >= 500 || $metadata?.httpStatusCode === 429;

/** Services with a JSON protocol throttle with status 400: only the name tells throttling from an invalid request. */
const throttled =
  /^(Throttl(ing|ed)(Exception)?|RequestThrottled(Exception)?|ProvisionedThroughputExceededException|RequestLimitExceeded|TooManyRequestsException|TransactionInProgressException)$/;
const networkErrors =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|TimeoutError)$/;

/**
 * Any error as one of the catalogue: a transient error of a service or the network becomes `dependency_unavailable`,
 * which is retried; any other becomes `internal` and keeps its message for the log.
 */
export const namedError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return new AppError('internal', `A ${typeof error} was thrown.`, { cause: error });
  const { code } = error as { code?: unknown };
  const message = `${error.name}: ${error.message}`;
  const names = [error.name, String(code)];
  const isLost = isTransient(error) || names.some((name) => throttled.test(name) || networkErrors.test(name));
  return new AppError(isLost ? 'dependency_unavailable' : 'internal', message, { cause: error });
};

export const isTransientError = ({ code }: AppError) => errorCatalogue[code].transient;
