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

/** Calls a function by its name; rejects with a `FunctionError`. */
export type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

/** Calls a function that streams its answer into `output`; resolves when it has ended. */
export type InvokeStreaming = (functionName: string, event: unknown, output: ResponseStream) => Promise<unknown>;

export interface RuntimeOptions {
  functions: Readonly<Record<string, RunnableSpec>>;
  /** Folder that the entries are relative to. */
  root: string;
  faults: FaultRegistry;
  /** Called for every failed run: a failure that nobody waits for would otherwise be seen nowhere. */
  onFailure: (caller: Caller, error: FunctionError) => void;
}

interface Deployed {
  spec: RunnableSpec;
  limiter: Limiter;
  /** Once it is loaded. */
  handler?: Handler;
}

/** Calls a handler and gives its result. */
type Work = (handler: Handler, event: unknown, context: Context) => unknown;

const tenantIdOf = (event: unknown) =>
  typeof event === 'object' && event !== null && 'tenantId' in event && typeof event.tenantId === 'string'
    ? event.tenantId
    : undefined;

/** Runs the manifest's functions in this process as Lambda would: by copies, within limits, failing with its errors. */
export class FunctionRuntime {
  readonly #options: RuntimeOptions;
  readonly #functions: ReadonlyMap<string, Deployed>;
  #running = 0;
  #onIdle: () => void = () => undefined;

  constructor(options: RuntimeOptions) {
    offerResponseStreaming();
    this.#options = options;
    this.#functions = new Map(
      Object.entries(options.functions).map(([name, spec]) => [
        name,
        { spec, limiter: new Limiter(spec.concurrency ?? Number.POSITIVE_INFINITY) },
      ]),
    );
  }

  /** Loads every handler, so that one that cannot be loaded fails at once and not at its first call. */
  async load(): Promise<void> {
    await Promise.all([...this.#functions.values()].map((deployed) => this.#load(deployed)));
  }

  /** Runs a function on a copy of `event` and gives a copy of its result; rejects with a `FunctionError`. */
  readonly invoke: Invoke = (functionName, event) =>
    this.#call(functionName, event, async (handler, copy, context) => responseCopy(await handler(copy, context)));

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
    if (this.#running === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    await Promise.race([idle, sleep(graceMs, undefined, { ref: false })]);
  }

  #deployed(functionName: string): Deployed {
    const deployed = this.#functions.get(functionName);
    if (!deployed) throw new FunctionError('ResourceNotFoundException', `Function not found: ${functionName}`);
    return deployed;
  }

  async #call(functionName: string, given: unknown, work: Work): Promise<unknown> {
    const deployed = this.#deployed(functionName);
    const event = requestCopy(given);
    const caller: Caller = { functionName, requestId: randomUUID(), tenantId: tenantIdOf(event), killed: false };
    const { faults, onFailure } = this.#options;
    this.#running += 1;
    faults.begin(caller.requestId, event);
    try {
      const handler = deployed.handler ?? (await this.#load(deployed));
      const result = await runAs(caller, () =>
        deployed.limiter.run(() => this.#run(caller, deployed.spec, event, (context) => work(handler, event, context))),
      );
      const fault = faults.takeError(functionName, 'throw-after', event);
      if (fault) throw fault;
      return result;
    } catch (thrown) {
      const error = toFunctionError(thrown);
      onFailure(caller, error);
      throw error;
    } finally {
      faults.end(caller.requestId);
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle();
    }
  }

  /** What the work comes to; rejects when its time is up before. */
  async #run(caller: Caller, spec: RunnableSpec, event: unknown, work: (context: Context) => unknown) {
    const { functionName, requestId } = caller;
    const { seconds, memoryMb } = spec;
    const { faults } = this.#options;
    if (faults.takeTimeout(functionName, event)) throw timedOut(requestId, seconds);
    const fault = faults.takeError(functionName, 'throw', event);
    if (fault) throw fault;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      // Lambda kills what runs out of time: none of its calls may leave any more.
      caller.killed = true;
      late.reject(timedOut(requestId, seconds));
    }, seconds * 1000);
    try {
      const deadline = Date.now() + seconds * 1000;
      return await Promise.race([work(lambdaContext({ functionName, requestId, memoryMb, deadline })), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #load(deployed: Deployed): Promise<Handler> {
    deployed.handler = await loadHandler(this.#options.root, deployed.spec.entry);
    return deployed.handler;
  }
}
