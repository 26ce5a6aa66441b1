import { createServer } from 'node:http';

/** Answers as a refusal does, and nothing else; prints its URL. */
const server = createServer((_request, response) => response.writeHead(429).end('{}'));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The bare server has no port.');
  process.stdout.write(`http://127.0.0.1:${address.port}`);
});
