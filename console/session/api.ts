import {
  type ApiClient,
  apiClient,
  type CallOptions,
  type ClientOptions,
  type FileOperation,
  ProblemError,
  type Reply,
} from '#core/contract/api/client.ts';
import type { Answer, OperationId } from '#core/contract/api/routes.ts';
import type { TokenHolder } from './token-holder.ts';

export type Me = Answer<'getMe'>;

export interface Api {
  call<Id extends OperationId>(operationId: Id, options: CallOptions<Id>): Promise<Reply<Id>>;
  stream<Id extends FileOperation>(
    operationId: Id,
    options: CallOptions<Id>,
  ): Promise<{ headers: Headers; body: ReadableStream<Uint8Array> }>;
}

const isRefusedToken = (error: unknown) =>
  error instanceof ProblemError && (error.status === 401 || error.problem.code === 'tenant_suspended');

/** The API client of the signed-in user. A refused token is renewed once; if that fails, the user is signed out. */
export const signedInApi = (url: string, tokens: TokenHolder, onLost: (reason: unknown) => void): Api => {
  const clientWith = (token: string) => {
    const options: ClientOptions = { url, token, fetch: (input, init) => fetch(input, init) };
    return apiClient(options);
  };

  async function withRenewal<T>(work: (client: ApiClient) => Promise<T>): Promise<T> {
    try {
      return await work(clientWith(await tokens.current()));
    } catch (error) {
      if (!isRefusedToken(error)) throw error;
      return await retryWithNewToken(work, error);
    }
  }

  /** Retries with a new token; signs out if there is none or it is refused as well. */
  async function retryWithNewToken<T>(work: (client: ApiClient) => Promise<T>, refusal: unknown): Promise<T> {
    try {
      return await work(clientWith(await tokens.renewed()));
    } catch (error) {
      if (error instanceof ProblemError && !isRefusedToken(error)) throw error;
      onLost(refusal);
      throw refusal;
    }
  }

  return {
    call: (operationId, options) => withRenewal((client) => client.call(operationId, options)),
    stream: (operationId, options) => withRenewal((client) => client.stream(operationId, options)),
  };
};
