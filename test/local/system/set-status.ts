import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TenantStatus } from '#core/contract/model/tenant.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { keys } from '#core/keys.ts';
import type { System } from './harness.ts';

/** Writes what suspending, resuming and offboarding will write to the record: there is no operation for them yet. */
export const setStatus = async (
  system: System,
  { tenantId }: { tenantId: string },
  status: TenantStatus,
  tokensValidFrom?: string,
): Promise<void> => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(system.aws));
  await documents.send(
    new UpdateCommand({
      TableName: tableNames.tenants,
      Key: keys.tenant(tenantId),
      UpdateExpression: `SET #status = :status, statusKey = :key${tokensValidFrom ? ', tokensValidFrom = :from' : ''}`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':status': status,
        ':key': `TENANT#${status}`,
        ...(tokensValidFrom && { ':from': tokensValidFrom }),
      },
    }),
  );
  documents.destroy();
};
