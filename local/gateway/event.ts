import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { localAccount } from '#local/aws/names.ts';
import type { Match } from './router.ts';

/** What the gateway knows of a request when it calls the function. */
export interface Received {
  request: IncomingMessage;
  match: Match;
  path: string;
  query: string;
  body: Buffer;
  /** Claims as text; none on a public route. */
  claims: Readonly<Record<string, string>> | undefined;
  requestId: string;
  /** Milliseconds since 1970. */
  time: number;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

let lastSecond = { second: 0, text: '' };

/** As the access log has it: `22/Nov/2026:10:00:00 +0000`. Made once a second, since it costs as much as a rule. */
function logTime(time: number): string {
  const second = Math.floor(time / 1000);
  if (lastSecond.second !== second) {
    const date = new Date(time);
    const day = String(date.getUTCDate()).padStart(2, '0');
    const month = months[date.getUTCMonth()];
    lastSecond = { second, text: `${day}/${month}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000` };
  }
  return lastSecond.text;
}

/** Headers in lower case, repeated ones joined by commas; cookies stand apart. */
function headersOf({ rawHeaders }: IncomingMessage) {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    if (name === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.trim()));
    else headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return { headers: Object.fromEntries(headers), cookies };
}

/** Repeated parameters joined by commas, as format 2.0 has them. */
function queryOf(query: string): Record<string, string> {
  const names = new URLSearchParams(query);
  return Object.fromEntries([...new Set(names.keys())].map((name) => [name, names.getAll(name).join(',')]));
}

const textTypes = /^(text\/|application\/(json|xml|javascript)\b)/i;

/** Text of the few types that the gateway takes for text, anything else in base64. */
function bodyOf({ headers }: IncomingMessage, body: Buffer) {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = !headers['content-encoding'] && textTypes.test(headers['content-type'] ?? 'text/plain');
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** The event that API Gateway's HTTP API makes of a request (payload format 2.0). */
export function eventOf(received: Received): APIGatewayProxyEventV2 & { requestContext: { authorizer?: object } } {
  const { request, match, path, query, body, claims, requestId, time } = received;
  const routeKey = `${match.route.method} ${match.route.path}`;
  const { headers, cookies } = headersOf(request);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== '' && { queryStringParameters: queryOf(query) }),
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    ...bodyOf(request, body),
    requestContext: {
      accountId: localAccount,
      apiId: 'local',
      domainName: request.headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method: match.route.method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      ...(claims && { authorizer: { jwt: { claims: { ...claims }, scopes: null } } }),
      requestId,
      routeKey,
      stage: '$default',
      time: logTime(time),
      timeEpoch: time,
    },
  };
}
