import { Buffer } from 'node:buffer';
import type * as z from 'zod';
import { AppError, type FieldError, notFound } from '#core/contract/api/errors.ts';
import { maxBodyBytes, type Route } from '#core/contract/api/http.ts';
import type { HttpEvent } from './http.ts';

/** Longer than any id, slug or key, and well below the limit of a DynamoDB key, 2,048 bytes. */
const longestParameter = 256;

/** The path parameters; throws `not_found` for one that is too long to name anything. */
export const paramsOf = ({ pathParameters = {} }: HttpEvent): Record<string, string | undefined> => {
  if (Object.values(pathParameters).some((value = '') => value.length > longestParameter)) throw notFound();
  return pathParameters;
};

/** The query, parsed by the route's schema; unknown parameters are refused by name. */
export const queryOf = (event: HttpEvent, { query }: Route): unknown =>
  query ? parsed(query, event.queryStringParameters ?? {}, 'query') : {};

/** The JSON body, parsed by the route's schema; `undefined` if the route has none. */
export const bodyOf = (event: HttpEvent, { body: schema, maxBodyBytes: limit = maxBodyBytes }: Route): unknown => {
  if (!schema) return undefined;
  const { body = '', isBase64Encoded } = event;
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  if (Buffer.byteLength(text) > limit) throw new AppError('too_large', `The body may have at most ${limit} bytes.`);
  return parsed(schema, jsonOf(text), 'body');
};

const jsonOf = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    if (mayContainProto.test(text)) assertNoProto(value);
    return value;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid_request', 'The body is not JSON.', { cause: error });
  }
};

const mayContainProto = /(_|\\u005f){2}proto(_|\\u005f){2}/i;

/** A field named `__proto__` would be lost silently: it is refused at any depth. */
const assertNoProto = (root: unknown) => {
  const open: { value: unknown; path: readonly string[] }[] = [{ value: root, path: [] }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, path } = place;
    if (path.at(-1) === '__proto__') {
      const errors = [{ path: pointer(path), message: 'is not a field of any request' }];
      throw new AppError('invalid_request', 'The body does not have the form this operation takes.', { errors });
    }
    if (typeof value !== 'object' || value === null) continue;
    open.push(...Object.entries(value).map(([key, part]) => ({ value: part, path: [...path, key] })));
  }
};

const parsed = (schema: z.ZodType, value: unknown, part: 'query' | 'body'): unknown => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('invalid_request', `The ${part} does not have the form this operation takes.`, {
    errors: fieldErrors(result.error),
  });
};

/** Each violation with its JSON Pointer; unknown fields are named one by one. */
export const fieldErrors = ({ issues }: z.ZodError): FieldError[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pointer([...issue.path, key]), message: 'is not a field of this request' }))
      : [{ path: pointer(issue.path), message: issue.message }],
  );

const pointer = (path: readonly PropertyKey[]) =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
