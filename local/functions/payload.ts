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
  return hasBody(result) ? answerCopy(result) : copyOf(responseText(result));
}

const hasBody = (result: unknown): result is { body: string } =>
  typeof result === 'object' && result !== null && 'body' in result && typeof result.body === 'string';

/** JSON writes a character in so many bytes at most. */
const mostBytesEach = 6;

/** Text comes out of JSON as it went in: the body, nearly all of an HTTP answer, is spared the way where it surely fits. */
function answerCopy(answer: { body: string }): unknown {
  const { body } = answer;
  const text = responseText({ ...answer, body: '' });
  const isShort = Buffer.byteLength(text) + body.length * mostBytesEach <= maxResponseBytes;
  return isShort ? { ...JSON.parse(text), body } : copyOf(responseText(answer));
}

function copyOf(text: string): unknown {
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
