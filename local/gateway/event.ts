import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { localAccount } from '#local/aws/endpoint/names.ts';
import type { Match } from './router.ts';

/** A request, as the gateway hands it to a function. */
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

/** As the access log has it: `22/Nov/2026:10:00:00 +0000`. */
function logTime(time: number): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}

/** Headers in lower case, repeated ones joined by commas; cookies stand apart. */
function headersOf({ headersDistinct: { cookie = [], ...others } }: IncomingMessage) {
  const joined = Object.entries(others).map(([name, values = []]) => [name, values.join(',')]);
  const headers: Record<string, string> = Object.fromEntries(joined);
  return { headers, cookies: cookie.flatMap((text) => text.split(';')).map((one) => one.trim()) };
}

/** Repeated parameters joined by commas, as format 2.0 has them. */
function queryOf(query: string): Record<string, string> {
  const names = new URLSearchParams(query);
  return Object.fromEntries([...new Set(names.keys())].map((name) => [name, names.getAll(name).join(',')]));
}

const textTypes = /^(text\/|application\/(json|xml|javascript)\b)/i;

/** Whether a body is of the few types that the gateway takes for text; anything else comes in base64. */
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
