import type { IncomingMessage } from 'node:http';

/** Path and query of a request, apart. */
export function addressOf({ url = '' }: Pick<IncomingMessage, 'url'>): { path: string; query: string } {
  const at = url.indexOf('?');
  return at === -1 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}
