import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { AppError, errorCatalogue } from '#core/contract/api/errors.ts';
import { problemTypeOf } from '#core/contract/api/http.ts';
import { type OperationId, routeTable } from '#core/contract/api/routes.ts';

export interface ContractRequest {
  operationId: OperationId;
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
  headers: IncomingMessage['headers'];
}
/** Gives an operation's answer; may set headers beside it. */
type Answer = (request: ContractRequest, headers: Record<string, string>) => unknown;
type Answers = Partial<Record<OperationId, Answer>>;

const matchers = routeTable.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

const problem = ({ code, message, errors, operationId }: AppError) => ({
  type: problemTypeOf(code),
  title: errorCatalogue[code].title,
  status: errorCatalogue[code].status,
  code,
  detail: message,
  instance: '/',
  ...(errors.length > 0 && { errors }),
  ...(operationId !== undefined && { operationId }),
});

const send = (response: ServerResponse, status: number, contentType: string, body: string, headers = {}) =>
  response.writeHead(status, { 'content-type': contentType, 'x-request-id': 'request-1', ...headers }).end(body);

/** A server on a free port of this machine, for as long as it is in scope. */
export async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * An HTTP server that holds both sides to the contract: what a request or an answer has that its route does not
 * allow fails the call. `answers` say what each operation gives; an AppError thrown there becomes its problem answer.
 */
export async function contractServer(answers: Answers) {
  const requests: ContractRequest[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://server');
    const body = await text(request);
    if (url.pathname === '/_local/token') {
      return send(response, 200, 'application/json', JSON.stringify({ token: `local:${body}` }));
    }
    const matched = matchers.find(
      ({ route, pattern }) => route.method === request.method && pattern.test(url.pathname),
    );
    if (!matched) throw new AppError('not_found', `No operation at ${request.method} ${url.pathname}.`);
    const { route, pattern } = matched;
    if (route.access !== 'public' && !request.headers.authorization)
      throw new AppError('not_authenticated', 'No token.');
    const given: ContractRequest = {
      operationId: route.operationId,
      params: { ...pattern.exec(url.pathname)?.groups },
      query: route.query?.parse(Object.fromEntries(url.searchParams)) ?? {},
      body: route.body?.parse(JSON.parse(body)),
      headers: request.headers,
    };
    requests.push(given);
    const made = answers[route.operationId];
    if (!made) throw new AppError('internal', `The test gives no answer to ${route.operationId}.`);
    const headers: Record<string, string> = {};
    const answered = route.answer.body.parse(await made(given, headers));
    const { status, contentType } = route.answer;
    return send(
      response,
      status,
      contentType ?? 'application/json',
      contentType ? String(answered) : JSON.stringify(answered),
      headers,
    );
  }

  const server = await listen((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const refusal = error instanceof AppError ? error : new AppError('invalid_request', String(error));
      const { status } = errorCatalogue[refusal.code];
      send(response, status, 'application/problem+json', JSON.stringify(problem(refusal)));
    });
  });
  return { ...server, requests };
}
