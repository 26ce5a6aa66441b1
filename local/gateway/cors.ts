import type { IncomingMessage, ServerResponse } from 'node:http';
import { cors } from '#core/contract/api/http.ts';

/** Lets a page of an allowed origin read the answer; returns false for any other origin. */
export const allowOrigin = (
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
  webOrigins: readonly string[],
): boolean => {
  if (origin === undefined || !webOrigins.includes(origin)) return false;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', cors.answerHeaders.join(','));
  response.setHeader('vary', 'origin');
  return true;
};

/** Answers a preflight request; returns false for any other request. */
export const answerPreflight = ({ method, headers }: IncomingMessage, response: ServerResponse): boolean => {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false;
  response.writeHead(204, {
    'access-control-allow-methods': cors.methods.join(','),
    'access-control-allow-headers': cors.requestHeaders.join(','),
    'access-control-max-age': String(cors.maxAgeSeconds),
  });
  response.end();
  return true;
};
