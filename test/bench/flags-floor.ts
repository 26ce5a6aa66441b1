import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { FlagdCore } from '@openfeature/flagd-core';

/**
 * The least that serving flags can cost: flagd's own engine behind a bare server. Takes a flagd document as its
 * argument, answers the paths of the protocol, and prints its port.
 */
const core = new FlagdCore();
core.setConfigurations(process.argv[2] ?? '{"flags":{}}');

const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as { context: Record<string, string> };
};

const answer = (key: string, context: Record<string, string>) => ({ key, ...core.getFlag(key)?.evaluate(context) });

const serve = async (request: IncomingMessage, response: ServerResponse) => {
  const { context } = await bodyOf(request);
  const [, key] = /^\/ofrep\/v1\/evaluate\/flags\/(.+)$/.exec(request.url ?? '') ?? [];
  const body = JSON.stringify(
    key === undefined
      ? { flags: [...core.getFlags().keys()].map((each) => answer(each, context)) }
      : answer(decodeURIComponent(key), context),
  );
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
