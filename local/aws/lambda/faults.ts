import * as z from 'zod';
import { AppError } from '#core/contract/api/errors.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import { FunctionError } from './function-error.ts';
import { parsedInput } from './input.ts';

const faultSchema = z
  .strictObject({
    function: z.string(),
    kind: z.enum(['throw', 'throw-after', 'timeout', 'aws']),
    /** Name of the error: of the thrown one, or of the AWS service's. */
    error: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_.]{0,127}$/, 'must be the name of an error')
      .optional(),
    /** The AWS call that fails: `PutItem`. */
    operation: z
      .string()
      .regex(/^[A-Z][A-Za-z0-9]{0,63}$/, 'must be the name of an AWS call, like PutItem')
      .optional(),
    /** Only runs whose event has these fields: `{"Step": "setSecret"}`. */
    where: z.record(z.string(), z.string()).optional(),
    /** How many times it fails. */
    times: z.int().min(1).max(1_000_000).default(1),
  })
  .refine((fault) => fault.kind !== 'aws' || fault.operation !== undefined, {
    path: ['operation'],
    message: 'must name the AWS call that fails',
  });
export type Fault = z.infer<typeof faultSchema>;
type FaultKind = Fault['kind'];

/** One call of an AWS SDK client: all its tries share the invocation id. */
export interface AwsCall {
  operation: string;
  /** Name of the calling function. */
  caller?: string | undefined;
  /** The SDK's `amz-sdk-invocation-id`. */
  invocationId?: string | undefined;
  /** The run of the calling function. */
  requestId?: string | undefined;
}

const fits = ({ where = {} }: Fault, event: unknown) =>
  Object.entries(where).every(
    ([field, value]) => typeof event === 'object' && event !== null && Reflect.get(event, field) === value,
  );

/** The refusal that an AWS service would send under this name; one that means a failure of the service is tried again. */
const awsErrorNamed = (name: string, operation: string): AwsError => {
  const message = `A fault injected into ${operation}`;
  const status = /Internal|Failure|Unavailable|SlowDown/.test(name) ? 500 : 400;
  const reasons = [{ Code: 'TransactionConflict', Message: message }];
  const fields = name === 'TransactionCanceledException' ? { CancellationReasons: reasons } : {};
  return new AwsError(name, message, status, fields);
};

/** The faults still to happen, by which every failing path is tried from outside; `times` counts down. */
export class FaultRegistry {
  readonly #functions: ReadonlySet<string>;
  #faults: Fault[] = [];
  readonly #failedCalls = new Map<string, AwsError>();
  /** Run → its event, for faults that are meant for some events only. */
  readonly #running = new Map<string, unknown>();

  constructor(functionNames: Iterable<string>) {
    this.#functions = new Set(functionNames);
  }

  /** Adds a fault; throws `invalid_request` for anything else. */
  add(input: unknown): Fault {
    const fault = parsedInput(faultSchema, input);
    if (!this.#functions.has(fault.function)) {
      throw new AppError('invalid_request', `No function is called “${fault.function}”.`, {
        errors: [{ path: '/function', message: `must be one of ${[...this.#functions].join(', ')}` }],
      });
    }
    this.#faults.push({ ...fault });
    return fault;
  }

  /** The faults still to happen. */
  list(): Fault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  clear(): void {
    this.#faults = [];
    this.#failedCalls.clear();
  }

  /** Remembers the event of a run until it has ended, for faults with a `where`. */
  begin(requestId: string, event: unknown): void {
    if (this.#faults.length > 0) this.#running.set(requestId, event);
  }

  end(requestId: string): void {
    if (this.#running.size > 0) this.#running.delete(requestId);
  }

  /** The error of a `throw` or `throw-after` fault of this function, if there is one; counts it down. */
  takeError(functionName: string, kind: 'throw' | 'throw-after', event?: unknown): FunctionError | undefined {
    const fault = this.#take(functionName, kind, event);
    const when = kind === 'throw' ? 'before' : 'after';
    return fault && new FunctionError(fault.error ?? 'Error', `A fault injected ${when} the work of ${functionName}`);
  }

  /** Whether this function is to run out of time now. */
  takeTimeout(functionName: string, event?: unknown): boolean {
    return this.#take(functionName, 'timeout', event) !== undefined;
  }

  /**
   * The error with which this AWS call is to fail, if any. It holds for every try of the same call: otherwise the SDK
   * would try again and no handler would ever see it.
   */
  interceptAws({ operation, caller, invocationId, requestId = '' }: AwsCall): AwsError | undefined {
    const failed = invocationId === undefined ? undefined : this.#failedCalls.get(invocationId);
    if (failed || caller === undefined) return failed;
    const fault = this.#take(caller, 'aws', this.#running.get(requestId), operation);
    if (!fault) return undefined;
    const error = awsErrorNamed(fault.error ?? 'InternalServerError', operation);
    if (invocationId !== undefined) this.#failedCalls.set(invocationId, error);
    return error;
  }

  #take(functionName: string, kind: FaultKind, event: unknown, operation?: string): Fault | undefined {
    if (this.#faults.length === 0) return undefined;
    const fault = this.#faults.find(
      (one) =>
        one.function === functionName &&
        one.kind === kind &&
        (kind !== 'aws' || one.operation === operation) &&
        fits(one, event),
    );
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.#faults = this.#faults.filter((one) => one !== fault);
    return fault;
  }
}
