/**
 * The error catalogue. It alone decides the HTTP status, whether a workflow retries (`transient`)
 * and, through `workflowErrorName`, the name a Step Functions definition catches.
 */
export const errorCatalogue = {
  invalid_request: { status: 400, transient: false, title: 'The request is invalid' },
  not_authenticated: { status: 401, transient: false, title: 'A valid bearer token is required' },
  not_allowed: { status: 403, transient: false, title: "This token's role does not have permission" },
  tenant_suspended: { status: 403, transient: false, title: "This token's tenant is suspended" },
  not_found: { status: 404, transient: false, title: 'The resource was not found' },
  slug_taken: { status: 409, transient: false, title: 'The slug is in use by another tenant' },
  idempotency_mismatch: {
    status: 409,
    transient: false,
    title: 'The idempotency key was already used with a different body',
  },
  invalid_transition: { status: 409, transient: false, title: "The tenant's current state does not allow this" },
  operation_in_progress: {
    status: 409,
    transient: false,
    title: 'Another operation is in progress for this tenant',
  },
  version_conflict: { status: 409, transient: false, title: 'The resource has changed since it was read' },
  in_use: { status: 409, transient: false, title: 'Something else depends on this' },
  approval_required: { status: 409, transient: false, title: 'A second administrator must approve this change' },
  user_exists: { status: 409, transient: false, title: 'The user already exists with another role or is disabled' },
  last_administrator: { status: 409, transient: false, title: 'A tenant must have at least one enabled administrator' },
  no_capacity: { status: 409, transient: false, title: 'No shard in this region has room for the tenant' },
  too_large: { status: 413, transient: false, title: 'The request body is too large' },
  rate_limited: { status: 429, transient: true, title: 'Too many requests' },
  internal: { status: 500, transient: false, title: 'An unexpected error occurred' },
  dependency_unavailable: { status: 503, transient: true, title: 'A required service is not responding' },
  schema_not_isolated: { status: 500, transient: false, title: 'The application schema does not isolate tenants' },
  migration_failed: { status: 500, transient: false, title: 'A migration of the application schema failed' },
  flag_not_defined: { status: 409, transient: false, title: 'The flag has no such variant' },
  health_check_failed: { status: 500, transient: false, title: 'The new tenant failed its health check' },
  shard_unreachable: { status: 503, transient: true, title: 'The database shard is not responding' },
  rotation_failed: {
    status: 500,
    transient: false,
    title: 'The secret could not be rotated; the current one stays valid',
  },
  operation_ended: { status: 409, transient: false, title: 'The operation is no longer running' },
} as const satisfies Record<string, { status: number; transient: boolean; title: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** One invalid field of a request: `path` is a JSON Pointer into it. */
export interface FieldError {
  path: string;
  message: string;
}

interface AppErrorOptions {
  cause?: unknown;
  errors?: readonly FieldError[];
  /** Seconds after which a retry may succeed. */
  retryAfter?: number;
  /** The operation that blocks this one. */
  operationId?: string;
}

/** `slug_taken` → `SlugTaken`: the name by which a workflow retries or catches the error. */
export const workflowErrorName = (code: ErrorCode) =>
  code.replace(/(^|_)([a-z])/g, (_match, _separator, letter: string) => letter.toUpperCase());

const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errorCatalogue, text);
export const errorCodes: readonly ErrorCode[] = Object.keys(errorCatalogue).filter(isErrorCode);

const codesByWorkflowName = new Map(errorCodes.map((code) => [workflowErrorName(code), code]));

/** The code of a workflow error name; `internal` if the name is not in the catalogue. */
export const errorCodeOf = (workflowName: string): ErrorCode => codesByWorkflowName.get(workflowName) ?? 'internal';

/** An error meant for callers. They see its `message`, so it must not contain secrets. */
export class AppError extends Error {
  override readonly name: string;
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  readonly retryAfter: number | undefined;
  readonly operationId: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = workflowErrorName(code);
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
    this.operationId = options.operationId;
  }
}

/** The same message whether the resource does not exist or the caller may not see it. */
export const notFound = () => new AppError('not_found', 'The resource does not exist, or you may not see it.');
