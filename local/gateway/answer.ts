import type { ServerResponse } from 'node:http';
import * as z from 'zod';

/** A result of payload format 2.0. */
const answerSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

const hasStatus = (result: unknown) => typeof result === 'object' && result !== null && 'statusCode' in result;

/** What API Gateway makes of a result without `statusCode`: a body, taken for JSON. */
const inferred = (result: unknown) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: typeof result === 'string' ? result : JSON.stringify(result),
});

/** Sends what a function answered; throws when it is not of payload format 2.0. */
export function sendResult(response: ServerResponse, result: unknown, requestId: string): void {
  const answer = answerSchema.parse(hasStatus(result) ? result : inferred(result));
  const { statusCode, headers, cookies, body, isBase64Encoded } = answer;
  const content = isBase64Encoded ? Buffer.from(body, 'base64') : body;
  response.setHeader('x-request-id', requestId);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name.toLowerCase(), String(value));
  if (statusCode !== 204 && statusCode !== 304) response.setHeader('content-length', Buffer.byteLength(content));
  response.writeHead(statusCode);
  response.end(content);
}
