import type { MiddlewareObj } from '@middy/core';
import { namedError } from './named-error.ts';
import type { Log } from './telemetry.ts';

/**
 * Turns every error into one of the catalogue and logs it once, with its cause. Requests beyond a limit are not logged
 * but counted, so that a flood of requests does not flood the log.
 */
export const namedAndLogged = <Event, Result>(logOf: (event: Event) => Log): MiddlewareObj<Event, Result> => ({
  onError: (request) => {
    const error = namedError(request.error);
    if (error.code !== 'rate_limited') logOf(request.event).error(error.message, error);
    request.error = error;
  },
});
