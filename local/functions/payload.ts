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
  return answerCopy(result) ?? jsonCopy(result);
}

type Fields = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** JSON writes a character in six bytes at most, and what stands around a field or a number in fewer than thirty. */
const mostBytes = (characters: number) => characters * 6 + 30;

/** How long the JSON of these fields may be; not a number where one of them is more than a text or a whole number. */
function mostBytesOf(fields: Fields): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') bytes += mostBytes(name.length + value.length);
    else if (Number.isInteger(value)) bytes += mostBytes(name.length);
    else return Number.NaN;
  }
  return bytes;
}

/** Texts and whole numbers come out of JSON as they went in: an HTTP answer of these is spared the way, if it surely fits. */
function answerCopy(result: unknown): unknown {
  if (!isPlain(result) || !isPlain(result['headers'])) return undefined;
  const { headers, ...fields } = result;
  const fits = mostBytesOf(headers) + mostBytesOf(fields) <= maxResponseBytes;
  return fits ? { ...fields, headers: { ...headers } } : undefined;
}

function jsonCopy(result: unknown): unknown {
  const text = responseText(result);
  if (Buffer.byteLength(text) > maxResponseBytes) {
    throw new FunctionError(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
    );
  }
  return JSON.parse(text);
}

function responseText(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw new Error('Unable to stringify response body', { cause: error });
  }
}
