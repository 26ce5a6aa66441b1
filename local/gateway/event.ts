import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { localAccount } from '#local/aws/endpoint/names.ts';
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

type Event = APIGatewayProxyEventV2 & { requestContext: { authorizer?: object } };

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

interface Headers {
  headers: Record<string, string>;
  cookies: string[];
}

/** Headers in lower case, repeated ones joined by commas; cookies stand apart. */
function headersOf({ headers: ofNode, rawHeaders }: IncomingMessage): Headers {
  // Node drops some of those that are repeated, or joins them in its own way: without any, its work need not be redone.
  const isPlain = Object.keys(ofNode).length === rawHeaders.length / 2 && !ofNode.cookie && !ofNode['set-cookie'];
  if (isPlain) return { headers: { ...ofNode } as Record<string, string>, cookies: [] };
  const headers: Record<string, string> = Object.create(null);
  const cookies: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const before = headers[name];
    if (name === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.trim()));
    else headers[name] = before === undefined ? value : `${before},${value}`;
  }
  return { headers, cookies };
}

/** Repeated parameters joined by commas, as format 2.0 has them. */
function queryOf(query: string): Record<string, string> {
  const names = new URLSearchParams(query);
  return Object.fromEntries([...new Set(names.keys())].map((name) => [name, names.getAll(name).join(',')]));
}

const textTypes = /^(text\/|application\/(json|xml|javascript)\b)/i;

/** Whether a body is of the few types that the gateway takes for text; anything else it hands on in base64. */
const isText = ({ headers }: IncomingMessage) =>
  !headers['content-encoding'] && textTypes.test(headers['content-type'] ?? 'text/plain');

/** The event that API Gateway's HTTP API makes of a request (payload format 2.0). */
export function eventOf(received: Received): Event {
  const { request, match, path, query, body, claims, requestId, time } = received;
  const routeKey = match.route.key;
  const { headers, cookies } = headersOf(request);
  const event: Event = {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    headers,
    isBase64Encoded: false,
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
      requestId,
      routeKey,
      stage: '$default',
      time: logTime(time),
      timeEpoch: time,
    },
  };
  if (claims) event.requestContext.authorizer = { jwt: { claims: { ...claims }, scopes: null } };
  if (cookies.length > 0) event.cookies = cookies;
  if (query !== '') event.queryStringParameters = queryOf(query);
  if (match.pathParameters) event.pathParameters = match.pathParameters;
  if (body.length > 0) {
    event.isBase64Encoded = !isText(request);
    event.body = body.toString(event.isBase64Encoded ? 'base64' : 'utf8');
  }
  return event;
}
