import { once } from 'node:events';
import { createServer } from 'node:net';

/** The port if nothing listens on it on the loopback interface, else undefined; 0 stands for any free one. */
export const freePort = async (port = 0): Promise<number | undefined> => {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? address?.port : undefined;
};
