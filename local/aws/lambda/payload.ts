import { FunctionError } from './function-error.ts';

/** Lambda's limit of a synchronous call, in and out: 6 MiB; the answer may have 100 bytes more. */
const maxRequestBytes = 6_291_456;
const maxResponseBytes = 6_291_556;

/** What a function gets: a copy, as JSON carries it. */
export function requestCopy(event: unknown): unknown {
  const text = JSON.stringify(event) ?? 'null';
  if (Buffer.byteLength(text) > maxRequestBytes) {
    throw new FunctionError(
      'RequestEntityTooLargeException',
      `${Buffer.byteLength(text)} byte payload is too large for the RequestResponse invocation type (limit ${maxRequestBytes} bytes)`,
    );
  }
  return JSON.parse(text);
}

/** What a function's caller gets: a copy, as JSON carries it, with `null` for nothing. */
export function responseCopy(result: unknown): unknown {
  const text = responseText(result);
  if (Buffer.byteLength(text) > maxResponseBytes) {
    throw new FunctionError(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
    );
  }
  return JSON.parse(text);
}

/**
 * What a caller gets that changes nothing of it: the same, but for an HTTP answer of texts and whole numbers that surely
 * fits. These come out of JSON as they went in, so it is spared the way.
 */
export const responseAsRead = (result: unknown): unknown => (isTextAnswer(result) ? result : responseCopy(result));

type Fields = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const isTextAnswer = (result: unknown): boolean => {
  if (!isPlain(result) || !isPlain(result['headers'])) return false;
  return mostBytesOf(result, 'headers') + mostBytesOf(result['headers']) <= maxResponseBytes;
};

/** JSON writes a character in six bytes at most, and what stands around a field or a number in fewer than thirty. */
const mostBytes = (characters: number) => characters * 6 + 30;

/** How long the JSON of these fields may be; not a number where one of them is more than a text or a whole number. */
function mostBytesOf(fields: Fields, except?: string): number {
  let bytes = 0;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (typeof value === 'string') bytes += mostBytes(name.length + value.length);
    else if (Number.isInteger(value)) bytes += mostBytes(name.length);
    else if (name !== except) return Number.NaN;
  }
  return bytes;
}

function responseText(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw new Error('Unable to stringify response body', { cause: error });
  }
}
