import type { IncomingMessage } from 'node:http';
import { AppError } from '#core/contract/api/errors.ts';

/** Reads a body; throws `too_large` as soon as it is known to have more than `maxBytes`. */
export async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const wasRead = await readUpTo(request, maxBytes, (chunk) => chunks.push(chunk));
  if (!wasRead) throw new AppError('too_large', `The body may have at most ${maxBytes} bytes.`);
  return Buffer.concat(chunks);
}

/** API Gateway's own limit: a client that sends more is cut off. */
const mostDiscardedBytes = 10_485_760;

/**
 * Reads what is left of a refused request, since many clients read no answer while they are sending.
 * Says whether its end was reached; if not, the connection is to end with the answer.
 */
export async function discardBody(request: IncomingMessage): Promise<boolean> {
  try {
    return await readUpTo(request, mostDiscardedBytes, () => undefined);
  } catch (error) {
    // The client has left.
    if (request.destroyed) return false;
    throw error;
  }
}

/** Whether the body ended within `maxBytes`; one that is announced to be longer is not read at all. */
async function readUpTo(request: IncomingMessage, maxBytes: number, take: (chunk: Buffer) => void): Promise<boolean> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return false;
  let bytes = 0;
  // Not destroyed when left half-way: the answer goes over the same socket.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maxBytes) return false;
    take(chunk);
  }
  return true;
}
