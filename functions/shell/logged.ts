import type { MiddlewareObj } from '@middy/core';
import { namedError } from './named-error.ts';
import type { Log } from './telemetry.ts';

/**
 * Gives every error its name from the catalogue and logs it once, with its cause, before it leaves. Requests beyond
 * a limit are counted instead: a flood must not become a flood of lines.
 */
export const namedAndLogged = <Event, Result>(logOf: (event: Event) => Log): MiddlewareObj<Event, Result> => ({
  onError: (request) => {
    const error = namedError(request.error);
    if (error.code !== 'rate_limited') logOf(request.event).error(error.message, error);
    request.error = error;
  },
});
