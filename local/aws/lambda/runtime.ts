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
import { requestCopy, responseAsRead, responseCopy } from './payload.ts';
import { isStreamingHandler, offerResponseStreaming, type ResponseStream } from './response-stream.ts';
import { type Run, Runs } from './runs.ts';

export type RunnableSpec = Pick<FunctionSpec, 'entry' | 'seconds' | 'memoryMb' | 'concurrency'>;

export interface InvokeOptions {
  /**
   * Spares the copies: the event is JSON, within Lambda's size, and its maker keeps no part of it; the answer is only
   * read, and at once.
   */
  handsOver?: boolean;
}

/** Calls a function by its name; rejects with a `FunctionError`. */
export type Invoke = (functionName: string, event: unknown, options?: InvokeOptions) => Promise<unknown>;

/** Calls a function that streams its answer into `output`; resolves when it has ended. */
export type InvokeStreaming = (functionName: string, event: unknown, output: ResponseStream) => Promise<unknown>;

/** How a handler is called, and what its caller gets of its result. */
interface Form {
  call: (handler: Handler, event: unknown, context: Context) => unknown;
  answer: (result: unknown) => unknown;
}

const call: Form['call'] = (handler, event, context) => handler(event, context);
const copied: Form = { call, answer: responseCopy };
const handedOver: Form = { call, answer: responseAsRead };

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
  /** None where the manifest sets no limit. */
  limiter: Limiter | undefined;
  /** Once it is loaded. */
  handler: Handler | undefined;
}

const tenantIdOf = (event: unknown) =>
  typeof event === 'object' && event !== null && 'tenantId' in event && typeof event.tenantId === 'string'
    ? event.tenantId
    : undefined;

/** Runs the manifest's functions in this process as Lambda would: by copies, within limits, failing in Lambda's words. */
export class FunctionRuntime {
  readonly #options: RuntimeOptions;
  readonly #functions: ReadonlyMap<string, Deployed>;
  readonly #runs = new Runs();

  constructor(options: RuntimeOptions) {
    offerResponseStreaming();
    this.#options = options;
    this.#functions = new Map(
      Object.entries(options.functions).map(([name, spec]) => [
        name,
        {
          spec,
          limiter: spec.concurrency === undefined ? undefined : new Limiter(spec.concurrency),
          handler: undefined,
        },
      ]),
    );
  }

  /** Loads every handler, so that one that cannot be loaded is told at once and not at its first call. */
  async load(): Promise<void> {
    await Promise.all([...this.#functions.values()].map((deployed) => this.#load(deployed)));
  }

  /** Runs a function on a copy of `event` and gives a copy of its result; rejects with a `FunctionError`. */
  readonly invoke: Invoke = (functionName, event, { handsOver = false } = {}) =>
    this.#call(functionName, event, handsOver ? handedOver : copied);

  /** As `invoke`, for a function that streams. One that has no copy left is refused at once: a stream frees none soon. */
  readonly stream: InvokeStreaming = async (functionName, event, output) => {
    if (this.#deployed(functionName).limiter?.isFull) {
      throw new FunctionError('TooManyRequestsException', 'Rate Exceeded.');
    }
    return this.#call(functionName, event, {
      call: (handler, copy, context) => {
        if (!isStreamingHandler(handler)) throw new TypeError(`${functionName} does not stream its answer.`);
        return handler(copy, output, context);
      },
      answer: (result) => result,
    });
  };

  /** Waits for the functions that are running, but no longer than `graceMs`. */
  async close(graceMs = 5_000): Promise<void> {
    const waiting = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([this.#runs.idle(), grace]);
    waiting.abort();
  }

  #deployed(functionName: string): Deployed {
    const deployed = this.#functions.get(functionName);
    if (!deployed) throw new FunctionError('ResourceNotFoundException', `Function not found: ${functionName}`);
    return deployed;
  }

  async #call(functionName: string, given: unknown, form: Form): Promise<unknown> {
    const deployed = this.#deployed(functionName);
    const event = form === handedOver ? given : requestCopy(given);
    const caller: Caller = { functionName, requestId: randomUUID(), tenantId: tenantIdOf(event), killed: false };
    const { seconds } = deployed.spec;
    const run: Run = { caller, seconds, until: Number.POSITIVE_INFINITY, reject: undefined, place: 0 };
    const { faults, onFailure } = this.#options;
    this.#runs.add(run);
    faults.begin(caller.requestId, event);
    try {
      const handler = deployed.handler ?? (await this.#load(deployed));
      const begin = () =>
        this.#begin(run, deployed.spec.memoryMb, event, (context) => form.call(handler, event, context));
      const { limiter } = deployed;
      const result = form.answer(await runAs(caller, limiter ? () => limiter.run(begin) : begin));
      const fault = faults.takeError(functionName, 'throw-after', event);
      if (fault) throw fault;
      return result;
    } catch (thrown) {
      const error = toFunctionError(thrown);
      onFailure(caller, error);
      throw error;
    } finally {
      faults.end(caller.requestId);
      this.#runs.remove(run);
    }
  }

  /** What the work comes to; rejects when its time is up before. */
  #begin(run: Run, memoryMb: number, event: unknown, work: (context: Context) => unknown): Promise<unknown> {
    const { functionName, requestId } = run.caller;
    const { seconds } = run;
    const { faults, region } = this.#options;
    if (faults.takeTimeout(functionName, event)) throw timedOut(requestId, seconds);
    const fault = faults.takeError(functionName, 'throw', event);
    if (fault) throw fault;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    run.until = Date.now() + seconds * 1000;
    run.reject = reject;
    const context = lambdaContext({ functionName, requestId, memoryMb, region, deadline: run.until });
    Promise.resolve(work(context)).then(resolve, reject);
    return promise;
  }

  async #load(deployed: Deployed): Promise<Handler> {
    deployed.handler = await loadHandler(this.#options.root, deployed.spec.entry);
    return deployed.handler;
  }
}
