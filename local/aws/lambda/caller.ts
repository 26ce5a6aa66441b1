import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** The function that code runs for. */
export interface Caller {
  functionName: string;
  requestId: string;
  /** The tenant it works for, where its input says so. */
  tenantId?: string | undefined;
  /** Set when the function ran out of time: Lambda would have killed it, so it may make no more calls. */
  killed: boolean;
}

/** Carries the caller's name to the local AWS endpoint, which refuses what the manifest does not allow it. */
export const callerHeader = 'x-local-function';

/** Carries the run's id, by which a fault finds the event of the run. */
const runHeader = 'x-local-run';

/** What the header says for a call made by this process but by no function: the endpoint refuses it. */
const noCaller = 'none';

const callers = new AsyncLocalStorage<Caller>();

/** The function that is running here, if any. */
export const currentCaller = (): Caller | undefined => callers.getStore();

/** Runs `work`, and everything it starts, for a function. */
export const runAs = <T>(caller: Caller, work: () => T): T => callers.run(caller, work);

const isRequestCreated = (message: unknown): message is { request: ClientRequest } =>
  typeof message === 'object' && message !== null && 'request' in message;

/** The headers that name the caller; throws for a function that was killed. */
export const callerHeaders = (): Record<string, string> => {
  const caller = currentCaller();
  if (caller?.killed) throw new Error(`${caller.functionName} ran out of time; it makes no more calls.`);
  return caller ? { [callerHeader]: caller.functionName, [runHeader]: caller.requestId } : { [callerHeader]: noCaller };
};

const nameCaller = (message: unknown) => {
  if (!isRequestCreated(message)) return;
  try {
    for (const [name, value] of Object.entries(callerHeaders())) message.request.setHeader(name, value);
  } catch (error) {
    message.request.destroy(error instanceof Error ? error : undefined);
  }
};

/**
 * Adds the caller's name to every request that `node:http` makes from now on, until the returned function is called.
 * A diagnostics channel leaves the clients of the production code untouched.
 */
export function announceCallers(): () => void {
  diagnostics.subscribe('http.client.request.created', nameCaller);
  return () => {
    diagnostics.unsubscribe('http.client.request.created', nameCaller);
  };
}
