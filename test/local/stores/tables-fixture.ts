import { vi } from 'vitest';
import { openDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { startEndpoint } from '#local/aws/endpoint/endpoint.ts';
import { createTables } from '#local/run/tables.ts';

/** Empty tables of the product's own shapes. The stores' clients find them, if the stores are imported after this. */
export const emptyTables = async (): Promise<AsyncDisposable> => {
  const dynamodb = await openDynamoDb();
  await createTables(dynamodb);
  const endpoint = await startEndpoint({ port: 0, services: { dynamodb } });
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const { documents } = await import('#stores/aws/clients.ts');
  return {
    async [Symbol.asyncDispose]() {
      documents.destroy();
      await endpoint.close();
      await dynamodb.close();
    },
  };
};
