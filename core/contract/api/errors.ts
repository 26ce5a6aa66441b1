/**
 * The error catalogue. It alone decides the HTTP status, whether a workflow retries (`transient`)
 * and, through `workflowErrorName`, the name a Step Functions definition catches.
 */
export const errorCatalogue = {
  invalid_request: { status: 400, transient: false, title: 'The request does not have the form this operation takes' },
  not_authenticated: { status: 401, transient: false, title: 'A valid bearer token is needed' },
  not_allowed: { status: 403, transient: false, title: 'The role of this token may not do this' },
  tenant_suspended: { status: 403, transient: false, title: 'The tenant of this token is suspended' },
  not_found: { status: 404, transient: false, title: 'Nothing is found there' },
  slug_taken: { status: 409, transient: false, title: 'The slug is in use by another tenant' },
  idempotency_mismatch: { status: 409, transient: false, title: 'The idempotency key was used with another body' },
  invalid_transition: { status: 409, transient: false, title: 'The tenant is not in a state that allows this' },
  operation_in_progress: { status: 409, transient: false, title: 'Another operation of the tenant is in progress' },
  version_conflict: { status: 409, transient: false, title: 'The resource changed since it was read' },
  in_use: { status: 409, transient: false, title: 'Something else depends on what would be taken away' },
  approval_required: { status: 409, transient: false, title: 'A second administrator must approve this change' },
  user_exists: { status: 409, transient: false, title: 'The tenant has this user already, with another role' },
  last_administrator: { status: 409, transient: false, title: 'A tenant must keep one administrator who may sign in' },
  no_capacity: { status: 409, transient: false, title: 'No shard of this region has room for the tenant' },
  too_large: { status: 413, transient: false, title: 'The request body is too large' },
  rate_limited: { status: 429, transient: true, title: 'Too many requests' },
  internal: { status: 500, transient: false, title: 'Something failed that should not have' },
  dependency_unavailable: { status: 503, transient: true, title: 'A service this operation needs does not answer' },
  schema_not_isolated: { status: 500, transient: false, title: 'The application schema does not keep tenants apart' },
  migration_failed: { status: 500, transient: false, title: 'A migration of the application schema failed' },
  flag_not_defined: { status: 409, transient: false, title: 'The flag has no such variant' },
  health_check_failed: { status: 500, transient: false, title: 'The new tenant did not pass its health check' },
  shard_unreachable: { status: 503, transient: true, title: 'The database shard does not answer' },
  rotation_failed: {
    status: 500,
    transient: false,
    title: 'The secret could not be rotated; the current one still is',
  },
  operation_ended: { status: 409, transient: false, title: 'The operation this step belongs to is no longer running' },
} as const satisfies Record<string, { status: number; transient: boolean; title: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** One fault of one field: `path` is a JSON Pointer into the request. */
export interface FieldError {
  path: string;
  message: string;
}

interface AppErrorOptions {
  cause?: unknown;
  errors?: readonly FieldError[];
  /** Whole seconds after which it is worth asking again. */
  retryAfter?: number;
  /** Of the operation that is in the way. */
  operationId?: string;
}

/** `slug_taken` → `SlugTaken`: the name under which a workflow retries or catches the error. */
export const workflowErrorName = (code: ErrorCode) =>
  code.replace(/(^|_)([a-z])/g, (_match, _separator, letter: string) => letter.toUpperCase());

const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errorCatalogue, text);
export const errorCodes: readonly ErrorCode[] = Object.keys(errorCatalogue).filter(isErrorCode);

const codesByWorkflowName = new Map(errorCodes.map((code) => [workflowErrorName(code), code]));

/** The code behind a workflow error name; `internal` for a name that is not of the catalogue. */
export const errorCodeOf = (workflowName: string): ErrorCode => codesByWorkflowName.get(workflowName) ?? 'internal';

/** Every error that is meant to be understood by a caller. `message` is shown to them: it holds no secret. */
export class AppError extends Error {
  override readonly name: string;
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  readonly retryAfter: number | undefined;
  readonly operationId: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    // A refusal has its reason in the request: to find its place in the code would cost more than all else of it.
    const { stackTraceLimit } = Error;
    if (errorCatalogue[code].status < 500) Error.stackTraceLimit = 0;
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = workflowErrorName(code);
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
    this.operationId = options.operationId;
  }
}

/** Always the same words: what the caller may not see is answered like what is not there. */
export const nothingThere = () => new AppError('not_found', 'There is nothing here, or nothing that you may see.');
