import type { IncomingMessage, ServerResponse } from 'node:http';
import { cors } from '#core/contract/http.ts';

/** What API Gateway adds to an answer to a page of an allowed origin; other pages' browsers then keep it from them. */
export const corsHeaders = ({ headers }: IncomingMessage, webOrigins: readonly string[]): Record<string, string> => {
  const { origin } = headers;
  if (origin === undefined || !webOrigins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': cors.answerHeaders.join(','),
    vary: 'origin',
  };
};

/** Answers a browser that asks what a page may send, and says whether it did. */
export const answerPreflight = (
  request: IncomingMessage,
  response: ServerResponse,
  webOrigins: readonly string[],
): boolean => {
  const asks = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  const allowed = corsHeaders(request, webOrigins);
  if (!asks || Object.keys(allowed).length === 0) return false;
  response.writeHead(204, {
    ...allowed,
    'access-control-allow-methods': cors.methods.join(','),
    'access-control-allow-headers': cors.requestHeaders.join(','),
    'access-control-max-age': String(cors.maxAgeSeconds),
  });
  response.end();
  return true;
};
