import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '#core/contract/api/errors.ts';
import { maxBodyBytes } from '#core/contract/api/http.ts';
import { addressOf } from './address.ts';
import { bodyOf } from './body.ts';
import { refuse } from './problem.ts';

/** Returns the body of the answer, or nothing; throws an AppError for the caller. `input` is the request's JSON. */
export type ControlHandler = (input: unknown) => unknown;

/** `POST /_local/token` → its handler. */
export type ControlTable = Readonly<Record<`${'GET' | 'POST' | 'DELETE'} /_local/${string}`, ControlHandler>>;

const prefix = '/_local/';
const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);
const loopbackAddresses = /^(?:::ffff:)?127\.|^::1$/;

const isLoopbackUrl = (url: string) => URL.canParse(url) && loopbackNames.has(new URL(url).hostname);

/**
 * Admits only this machine: address, host name and origin must all be loopback, or any web page could reach in by a
 * host name that resolves to it, or by posting a form.
 */
function checkLoopback({ headers, socket }: IncomingMessage): void {
  const isLocal =
    loopbackAddresses.test(socket.remoteAddress ?? '') &&
    isLoopbackUrl(`http://${headers.host ?? ''}`) &&
    (headers.origin === undefined || isLoopbackUrl(headers.origin)) &&
    headers['sec-fetch-site'] !== 'cross-site';
  if (!isLocal) throw new AppError('not_allowed', 'The control routes are for 127.0.0.1 and localhost only.');
}

async function inputOf(request: IncomingMessage): Promise<unknown> {
  const text = (await bodyOf(request, maxBodyBytes)).toString();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_request', 'The body is not JSON.', { cause: error });
  }
}

async function answered(table: ControlTable, request: IncomingMessage, path: string): Promise<unknown> {
  checkLoopback(request);
  const handler = Object.entries(table).find(([route]) => route === `${request.method} ${path}`)?.[1];
  if (!handler) {
    const routes = Object.keys(table).join(', ');
    throw new AppError('not_found', `There is no control route ${request.method} ${path}; there are ${routes}.`);
  }
  return handler(await inputOf(request));
}

function send(response: ServerResponse, body: unknown, requestId: string): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(body === undefined ? 204 : 200, {
    'x-request-id': requestId,
    ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  });
  response.end(text);
}

/** Answers everything under `/_local/`; returns false for any other request. */
export const controlRoutes =
  (table: ControlTable, report: (error: unknown) => void) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    const { path } = addressOf(request);
    if (!path.startsWith(prefix)) return false;
    const requestId = randomUUID();
    answered(table, request, path)
      .then((body) => send(response, body, requestId))
      .catch((error: unknown) => {
        if (!(error instanceof AppError)) report(error);
        return refuse(request, response, error, requestId);
      })
      .catch(report);
    return true;
  };
