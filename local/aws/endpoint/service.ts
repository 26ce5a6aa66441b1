import type { Session } from '#local/aws/sts/sessions.ts';

/** The wire form of a refusal: JSON services answer `{__type, message, …fields}` with `statusCode`. */
export class AwsError extends Error {
  override readonly name: string;
  readonly statusCode: number;
  readonly fields: Record<string, unknown>;

  constructor(type: string, message: string, statusCode = 400, fields: Record<string, unknown> = {}) {
    super(message);
    this.name = type;
    this.statusCode = statusCode;
    this.fields = fields;
  }
}

/** The service's own refusal of an operation that the local run does not have. */
export const unknownOperation = (operation: string) =>
  new AwsError('UnknownOperationException', `The local run does not support ${operation}; see local/SUPPORT.md.`);

/** The caller of a service, and one id for all tries of one SDK call. */
export interface CallContext {
  /** Name of the function; `none` for code of this process outside any function, absent for a person. */
  caller?: string | undefined;
  invocationId?: string | undefined;
  /** The role it assumed, where its credentials are those of one. */
  session?: Session | undefined;
  /** The run of the function. */
  requestId?: string | undefined;
  userAgent?: string | undefined;
}

/** One AWS service on this machine: `call` takes and gives the JSON of the service's own protocol. */
export interface AwsService {
  call(operation: string, input: Record<string, unknown>, context?: CallContext): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}
