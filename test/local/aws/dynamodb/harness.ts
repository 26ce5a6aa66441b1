import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { onTestFinished, vi } from 'vitest';
import type { TableShape } from '#core/contract/platform/tables.ts';
import { type DynamoDbOptions, type LocalDynamoDb, openDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';

/** A service with these tables and the real SDK's clients on it, over HTTP, gone when the test is over. */
export async function aDynamoDb(shapes: readonly TableShape[], options: Omit<DynamoDbOptions, 'shapes'> = {}) {
  const service = await openDynamoDb({ shapes, ...options });
  const server = createServer((request, response) => {
    void answer(service, String(request.headers['x-amz-target']), request).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    client.destroy();
    server.close();
    server.closeAllConnections();
    await service.close();
  };
  onTestFinished(close);
  return { service, client, documents: DynamoDBDocumentClient.from(client), close };
}

async function answer(service: LocalDynamoDb, target: string, request: IncomingMessage) {
  try {
    const input: Record<string, unknown> = JSON.parse(await text(request));
    return { status: 200, body: await service.call(target.split('.')[1] ?? '', input) };
  } catch (error) {
    if (!(error instanceof AwsError))
      return { status: 500, body: { __type: 'InternalServerError', message: String(error) } };
    return { status: error.statusCode, body: { __type: error.name, message: error.message, ...error.fields } };
  }
}

/** The path of a database, gone when the test is over. */
export async function aPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'dynamodb');
}

/** Waits for what the service does by itself, long enough for a machine with other work. */
export const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
