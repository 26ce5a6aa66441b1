import * as z from 'zod';
import { errorCatalogue, errorCodes } from './errors.ts';
import { type Problem, problemSchema, problemTypeOf, type RequestHeader, type Route } from './http.ts';
import { type Answer, type OperationId, type RequestBody, type RequestQuery, routes } from './routes.ts';

type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;
type PathParameter<Id extends OperationId> = ParameterOf<(typeof routes)[Id]['path']>;

interface CallForm {
  params?: Readonly<Record<string, string>> | undefined;
  query?: object;
  body?: unknown;
  headers?: { [Name in RequestHeader]?: string | undefined };
  signal?: AbortSignal;
}

/** The options of a call: `params` and `body` are required exactly when the route has them. */
export type CallOptions<Id extends OperationId> = CallForm & {
  query?: { [Name in keyof RequestQuery<Id>]?: RequestQuery<Id>[Name] | undefined };
} & ([PathParameter<Id>] extends [never] ? { params?: undefined } : { params: Record<PathParameter<Id>, string> }) &
  (undefined extends RequestBody<Id> ? { body?: undefined } : { body: RequestBody<Id> });

/** Operations that answer with a file instead of JSON. */
export type FileOperation = {
  [Id in OperationId]: (typeof routes)[Id]['answer'] extends { contentType: string } ? Id : never;
}[OperationId];

export interface Reply<Id extends OperationId> {
  status: number;
  headers: Headers;
  body: Answer<Id>;
}

export interface ClientOptions {
  /** Base URL of the API, including the stage's path if there is one. */
  url: string;
  /** Bearer token; not needed for public operations. */
  token?: string;
  /** The `userAgent` recorded in audit events; a browser sends its own. */
  userAgent?: string;
  fetch: typeof fetch;
}

/** The API refused the request: `problem` gives the reason, with a code from the error catalogue. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.status = problem.status;
    this.problem = problem;
  }
}

/** The response does not match the contract: it comes from another version, or from something that is not this API. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';

  constructor(operationId: OperationId, cause: unknown) {
    const details = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    super(`The response to ${operationId} does not match this version's contract: ${details}`, { cause });
  }
}

/** API Gateway's own limit for a request. */
const timeoutMs = 30_000;

function requestUrl(base: string, path: string, { params = {}, query = {} }: CallForm) {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''));
  const url = new URL(base.replace(/\/+$/, '') + filled);
  const entries: [string, string | number | undefined][] = Object.entries(query);
  for (const [name, value] of entries) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

const requestHeaders = ({ token, userAgent }: Omit<ClientOptions, 'fetch'>, { body, headers = {} }: CallForm) => {
  const entries = Object.entries({
    ...headers,
    'user-agent': userAgent,
    authorization: token && `Bearer ${token}`,
    'content-type': body === undefined ? undefined : 'application/json',
  });
  return entries.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
};

/** Errors from the gateway itself, or from a proxy, are not problem documents: their code follows from their status. */
async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    return problemSchema.parse(await response.json());
  }
  await response.body?.cancel();
  const { status, url } = response;
  const code = errorCodes.find((candidate) => errorCatalogue[candidate].status === status) ?? 'internal';
  const { title } = errorCatalogue[code];
  return { type: problemTypeOf(code), title, status, code, detail: `${title}.`, instance: new URL(url).pathname };
}

/** A 202 that awaits approval has a body schema of its own. */
function bodySchemaOf(operationId: OperationId, status: number) {
  const { answer, accepted }: Route = routes[operationId];
  return status === 202 && accepted ? accepted : answer.body;
}

/** A client for the API: calls operations by id, typed and validated by the route table. */
export function apiClient({ fetch, ...caller }: ClientOptions) {
  async function send(operationId: OperationId, options: CallForm, signal: AbortSignal | null) {
    const { method, path }: Route = routes[operationId];
    const response = await fetch(requestUrl(caller.url, path, options), {
      method,
      headers: requestHeaders(caller, options),
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal,
    });
    if (response.ok) return response;
    throw await problemOf(response).then(
      (problem) => new ProblemError(problem),
      (cause: unknown) => new UnexpectedAnswerError(operationId, cause),
    );
  }

  return {
    /** Calls an operation. Throws `ProblemError` if the API refuses, and rethrows what `fetch` throws. */
    async call<Id extends OperationId>(operationId: Id, options: CallOptions<Id>): Promise<Reply<Id>> {
      const response = await send(operationId, options, options.signal ?? AbortSignal.timeout(timeoutMs));
      try {
        const body: unknown = bodySchemaOf(operationId, response.status).parse(await response.json());
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Answer<Id> is inferred from the schema applied above
        return { status: response.status, headers: response.headers, body: body as Answer<Id> };
      } catch (cause) {
        throw new UnexpectedAnswerError(operationId, cause);
      }
    },

    /** Calls an operation that answers with a file, and returns it as a stream without a timeout. */
    async stream<Id extends FileOperation>(operationId: Id, options: CallOptions<Id>) {
      const { headers, body } = await send(operationId, options, options.signal ?? null);
      return { headers, body: body ?? new Blob([]).stream() };
    },
  };
}
export type ApiClient = ReturnType<typeof apiClient>;
