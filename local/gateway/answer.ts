import type { ServerResponse } from 'node:http';
import * as z from 'zod';

const header = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const resultSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), header).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

const isStructured = (result: unknown) => typeof result === 'object' && result !== null && 'statusCode' in result;

/** What API Gateway makes of a result without `statusCode`: a body, taken for JSON. */
const inferred = (result: unknown) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: typeof result === 'string' ? result : JSON.stringify(result),
});

/** Sends what a function answered; throws when it is not of payload format 2.0. */
export function sendResult(response: ServerResponse, result: unknown, requestId: string): void {
  const answer = resultSchema.parse(isStructured(result) ? result : inferred(result));
  const body = Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8');
  response.statusCode = answer.statusCode;
  response.setHeader('x-request-id', requestId);
  if (answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies);
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.statusCode !== 204 && answer.statusCode !== 304) response.setHeader('content-length', body.length);
  response.end(body);
}
