import { vi } from 'vitest';
import { openDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { type EndpointOptions, startEndpoint } from '#local/aws/endpoint/endpoint.ts';

/**
 * Empty tables of the product's own shapes, and the services given beside them. The stores' clients find them, if the
 * stores are imported after this.
 */
export const emptyTables = async (
  options: Partial<EndpointOptions> = {},
): Promise<AsyncDisposable & { url: string }> => {
  const dynamodb = await openDynamoDb();
  const endpoint = await startEndpoint({ port: 0, ...options, services: { dynamodb, ...options.services } });
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const { documents } = await import('#stores/aws/clients.ts');
  return {
    url: endpoint.url,
    async [Symbol.asyncDispose]() {
      documents.destroy();
      await endpoint.close();
      await dynamodb.close();
    },
  };
};
