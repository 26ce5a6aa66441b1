import { FunctionError } from './function-error.ts';

/** Lambda's limit of a synchronous call, in and out: 6 MiB; the answer may have 100 bytes more. */
const maxRequestBytes = 6_291_456;
const maxResponseBytes = maxRequestBytes + 100;

/** What a function gets: a copy, as JSON carries it. */
export function requestCopy(event: unknown): unknown {
  const text = JSON.stringify(event) ?? 'null';
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxRequestBytes) return JSON.parse(text);
  const message = `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${maxRequestBytes} bytes)`;
  throw new FunctionError('RequestEntityTooLargeException', message);
}

/** What a function's caller gets: a copy, as JSON carries it, with `null` for nothing. */
export function responseCopy(result: unknown): unknown {
  const text = responseText(result);
  if (Buffer.byteLength(text) <= maxResponseBytes) return JSON.parse(text);
  const message = `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`;
  throw new FunctionError('Function.ResponseSizeTooLarge', message);
}

function responseText(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw new Error('Unable to stringify response body', { cause: error });
  }
}
