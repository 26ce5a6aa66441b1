import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import type { FunctionSpec } from '#functions/function-spec.ts';
import { type Caller, runAs } from './caller.ts';
import type { FaultRegistry } from './faults.ts';
import { FunctionError, timedOut, toFunctionError } from './function-error.ts';
import { type Handler, loadHandler } from './handlers.ts';
import { lambdaContext } from './lambda-context.ts';
import { Limiter } from './limiter.ts';
import { requestCopy, responseCopy } from './payload.ts';
import { isStreamingHandler, offerResponseStreaming, type ResponseStream } from './response-stream.ts';

export type RunnableSpec = Pick<FunctionSpec, 'entry' | 'seconds' | 'memoryMb' | 'concurrency'>;

export interface InvokeOptions {
  /** The event is JSON, within Lambda's size, and its maker keeps no part of it: the function may have it as it is. */
  handsOver?: boolean;
}

/** Calls a function by its name; rejects with a `FunctionError`. */
export type Invoke = (functionName: string, event: unknown, options?: InvokeOptions) => Promise<unknown>;

/** Calls a function that streams its answer into `output`; resolves when it has ended. */
export type InvokeStreaming = (functionName: string, event: unknown, output: ResponseStream) => Promise<unknown>;

/** Lets a loaded handler work on its copy of the event, in the form in which it is called. */
type Work = (handler: Handler, event: unknown, context: Context) => unknown;

export interface RuntimeOptions {
  functions: Readonly<Record<string, RunnableSpec>>;
  /** Folder that the entries are relative to. */
  root: string;
  region: string;
  faults: FaultRegistry;
  /** Told of every failed run: a failure that nobody waits for would otherwise be seen nowhere. */
  onFailure: (caller: Caller, error: FunctionError) => void;
}

interface Deployed {
  spec: RunnableSpec;
  limiter: Limiter;
  handler: Promise<Handler> | undefined;
}

const tenantIdOf = (event: unknown) =>
  typeof event === 'object' && event !== null && 'tenantId' in event && typeof event.tenantId === 'string'
    ? event.tenantId
    : undefined;

/** Runs the manifest's functions in this process as Lambda would: by copies, within limits, failing in Lambda's words. */
export class FunctionRuntime {
  readonly #options: RuntimeOptions;
  readonly #functions: ReadonlyMap<string, Deployed>;
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: RuntimeOptions) {
    offerResponseStreaming();
    this.#options = options;
    this.#functions = new Map(
      Object.entries(options.functions).map(([name, spec]) => [
        name,
        { spec, limiter: new Limiter(spec.concurrency ?? Number.POSITIVE_INFINITY), handler: undefined },
      ]),
    );
  }

  /** Loads every handler, so that one that cannot be loaded is told at once and not at its first call. */
  async load(): Promise<void> {
    await Promise.all([...this.#functions.values()].map((deployed) => this.#handlerOf(deployed)));
  }

  /** Runs a function on a copy of `event` and gives a copy of its result; rejects with a `FunctionError`. */
  readonly invoke: Invoke = (functionName, event, options) =>
    this.#call(
      functionName,
      event,
      async (handler, copy, context) => responseCopy(await handler(copy, context)),
      options,
    );

  /** As `invoke`, for a function that streams. One that has no copy left is refused at once: a stream frees none soon. */
  readonly stream: InvokeStreaming = async (functionName, event, output) => {
    if (this.#deployed(functionName).limiter.isFull) {
      throw new FunctionError('TooManyRequestsException', 'Rate Exceeded.');
    }
    return this.#call(functionName, event, (handler, copy, context) => {
      if (!isStreamingHandler(handler)) throw new TypeError(`${functionName} does not stream its answer.`);
      return handler(copy, output, context);
    });
  };

  /** Waits for the functions that are running, but no longer than `graceMs`. */
  async close(graceMs = 5_000): Promise<void> {
    const waiting = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#running), grace]);
    waiting.abort();
  }

  #deployed(functionName: string): Deployed {
    const deployed = this.#functions.get(functionName);
    if (!deployed) throw new FunctionError('ResourceNotFoundException', `Function not found: ${functionName}`);
    return deployed;
  }

  async #call(
    functionName: string,
    given: unknown,
    work: Work,
    { handsOver = false }: InvokeOptions = {},
  ): Promise<unknown> {
    const deployed = this.#deployed(functionName);
    const event = handsOver ? given : requestCopy(given);
    const caller: Caller = { functionName, requestId: randomUUID(), tenantId: tenantIdOf(event), killed: false };
    const run = deployed.limiter.run(() => runAs(caller, () => this.#run(caller, deployed, event, work)));
    this.#running.add(run);
    this.#options.faults.begin(caller.requestId, event);
    try {
      return await run;
    } catch (thrown) {
      const error = toFunctionError(thrown);
      this.#options.onFailure(caller, error);
      throw error;
    } finally {
      this.#running.delete(run);
      this.#options.faults.end(caller.requestId);
    }
  }

  async #run(caller: Caller, deployed: Deployed, event: unknown, work: Work): Promise<unknown> {
    const { faults } = this.#options;
    if (faults.takeTimeout(caller.functionName, event)) throw timedOut(caller.requestId, deployed.spec.seconds);
    const before = faults.takeError(caller.functionName, 'throw', event);
    if (before) throw before;
    const handler = await this.#handlerOf(deployed);
    const result = await this.#withinTime(caller, deployed.spec, (context) => work(handler, event, context));
    const after = faults.takeError(caller.functionName, 'throw-after', event);
    if (after) throw after;
    return result;
  }

  async #withinTime(caller: Caller, spec: RunnableSpec, work: (context: Context) => unknown): Promise<unknown> {
    const ms = spec.seconds * 1000;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      caller.killed = true;
      reject(timedOut(caller.requestId, spec.seconds));
    }, ms);
    const context = lambdaContext({
      functionName: caller.functionName,
      requestId: caller.requestId,
      memoryMb: spec.memoryMb,
      region: this.#options.region,
      deadline: Date.now() + ms,
    });
    try {
      Promise.resolve(work(context)).then(resolve, reject);
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #handlerOf(deployed: Deployed): Promise<Handler> {
    deployed.handler ??= loadHandler(this.#options.root, deployed.spec.entry);
    return deployed.handler;
  }
}
