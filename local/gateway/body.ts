import type { IncomingMessage } from 'node:http';
import { AppError } from '#core/contract/api/errors.ts';

/** Reads a body; throws `too_large` as soon as it is known to have more than `maxBytes`. */
export async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const wasRead = await readUpTo(request, maxBytes, (chunk) => chunks.push(chunk));
  if (!wasRead) throw new AppError('too_large', `A body may have at most ${maxBytes} bytes.`);
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}

/** API Gateway's own limit: whoever sends more than that is not listened to any longer. */
const mostDiscardedBytes = 10_485_760;

/**
 * Lets what is left of a refused request go by, since many clients read no answer while they are sending.
 * Says whether its end was reached: else the connection is to end with the answer.
 */
export async function discardBody(request: IncomingMessage): Promise<boolean> {
  try {
    return await readUpTo(request, mostDiscardedBytes, () => undefined);
  } catch (error) {
    // The client has gone: there is nothing more to let by.
    if (request.destroyed) return false;
    throw error;
  }
}

/**
 * Whether the body ended within `maxBytes`; one that is announced to be longer is not read at all. By events, which
 * cost half of what an iterator does.
 */
function readUpTo(request: IncomingMessage, maxBytes: number, take: (chunk: Buffer) => void): Promise<boolean> {
  const { 'content-length': length = 0, 'transfer-encoding': encoding } = request.headers;
  if (Number(length) > maxBytes) return Promise.resolve(false);
  const isEmpty = Number(length) === 0 && encoding === undefined;
  if (isEmpty || request.readableEnded) return Promise.resolve(true);
  if (request.destroyed) return Promise.reject(request.errored ?? new Error('The client has gone.'));
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let isOver = false;
    const end = (wasRead: boolean) => {
      isOver = true;
      resolve(wasRead);
    };
    request.on('data', (chunk: Buffer) => {
      if (isOver) return;
      bytes += chunk.length;
      if (bytes <= maxBytes) return take(chunk);
      request.pause();
      end(false);
    });
    request.on('end', () => end(true));
    // A request that has ended closes too; one that is lost tells no error where nobody listens for it.
    request.on('close', () => isOver || reject(request.errored ?? new Error('The client has gone.')));
    // What was stopped at its limit goes on where it is to be let by.
    request.resume();
  });
}
