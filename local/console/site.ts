import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { type ConsoleConfig, consoleHeaders } from '#core/contract/api/console.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

interface Page {
  type: string;
  body: Buffer;
}

/** Built files are named by what is in them, and so never change. */
const cacheControl = (path: string) =>
  path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';

const readPages = async (folder: string): Promise<Map<string, Page>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pages = await Promise.all(
    files.map(async (file): Promise<[string, Page]> => {
      const type = types[extname(file)];
      if (type === undefined) throw new Error(`The console has a file of a kind that is not served: ${file}`);
      return [file.slice(folder.length).replaceAll('\\', '/'), { type, body: await readFile(file) }];
    }),
  );
  return new Map(pages);
};

/** An address that a person typed or followed, not a request of a page or a program. */
const isNavigation = ({ headers }: IncomingMessage) => (headers.accept ?? '').includes('text/html');
const isOfApi = (path: string) => /^\/(?:v1|ofrep|_local)(?:\/|$)/.test(path);

/**
 * Serves the console as CloudFront does: its files, its configuration, and its one page for every address that is no
 * file and no route of the API. Returns false for any other request.
 */
export const consoleSite = async (folder: string, config: ConsoleConfig) => {
  const pages = await readPages(folder);
  pages.set('/config.json', { type: 'application/json', body: Buffer.from(JSON.stringify(config)) });
  const headers = consoleHeaders(config.signIn.kind === 'oidc' ? [new URL(config.signIn.issuer).origin] : []);

  const pageOf = (request: IncomingMessage, path: string) => {
    if (isOfApi(path)) return undefined;
    return pages.get(path) ?? (path === '/' || isNavigation(request) ? pages.get('/index.html') : undefined);
  };

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const [path = ''] = (request.url ?? '').split('?');
    const page = pageOf(request, path);
    if (!page) return false;
    response.writeHead(200, {
      ...headers,
      'cache-control': cacheControl(path),
      'content-type': page.type,
      'content-length': page.body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : page.body);
    return true;
  };
};
