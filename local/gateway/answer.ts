import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

type Fields = Readonly<Record<string, unknown>>;

interface Answer {
  statusCode: number;
  /** By names in lower case, as API Gateway sends them; made for this answer alone. */
  headers: OutgoingHttpHeaders;
  cookies: string[];
  body: string;
  isBase64Encoded: boolean;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isScalar = (value: unknown) => isText(value) || typeof value === 'number' || typeof value === 'boolean';

/** What API Gateway makes of a result without `statusCode`: a body, taken for JSON. */
const inferred = (result: unknown): Answer => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  cookies: [],
  body: typeof result === 'string' ? result : JSON.stringify(result),
  isBase64Encoded: false,
});

const malformed = (field: string) => new TypeError(`The function's answer has no valid ${field}.`);

function statusOf({ statusCode }: Fields): number {
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) throw malformed('statusCode');
  return status;
}

function headersOf({ headers: given = {} }: Fields): OutgoingHttpHeaders {
  if (!isFields(given)) throw malformed('headers');
  const headers: OutgoingHttpHeaders = {};
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (!isScalar(value)) throw malformed(`header ${name}`);
    headers[name.toLowerCase()] = String(value);
  }
  return headers;
}

/** A result of payload format 2.0; read by hand, since this is on the path of every request. */
function answerOf(result: unknown): Answer {
  if (!isFields(result) || !('statusCode' in result)) return inferred(result);
  const { cookies = [], body = '', isBase64Encoded = false } = result;
  if (!Array.isArray(cookies) || !cookies.every(isText)) throw malformed('cookies');
  if (!isText(body)) throw malformed('body');
  if (typeof isBase64Encoded !== 'boolean') throw malformed('isBase64Encoded');
  return { statusCode: statusOf(result), headers: headersOf(result), cookies, body, isBase64Encoded };
}

/** Sends what a function answered; throws when it is not of payload format 2.0. */
export function sendResult(response: ServerResponse, result: unknown, requestId: string): void {
  const { statusCode, headers, cookies, body, isBase64Encoded } = answerOf(result);
  // Text leaves in one write together with the headers; bytes would take a second one.
  const content = isBase64Encoded ? Buffer.from(body, 'base64') : body;
  headers['x-request-id'] ??= requestId;
  if (cookies.length > 0) headers['set-cookie'] ??= cookies;
  if (statusCode !== 204 && statusCode !== 304) headers['content-length'] = Buffer.byteLength(content);
  response.writeHead(statusCode, headers);
  response.end(content);
}
