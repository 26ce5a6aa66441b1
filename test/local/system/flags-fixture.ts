import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { Preview } from '#core/contract/model/flag-changes.ts';
import type { Evaluation, Flag, FlagDefinition } from '#core/contract/model/flags.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { type TenantRecord, tenantItem } from '#core/tenant/tenant-record.ts';
import { deps } from '#functions/deps.ts';
import { aTenant } from '#test/builders.ts';
import type { Answer, System } from './harness.ts';

export type ChangedFlag = Flag & { operationId?: string };

/** Tenants that are in the registry and nowhere else: enough for all that flags ask about a tenant. */
export const registerTenants = async (
  system: System,
  count: number,
  fields: (index: number) => Partial<TenantRecord> = () => ({}),
): Promise<TenantRecord[]> => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(system.aws));
  const now = new Date().toISOString();
  const tenants = Array.from({ length: count }, (_none, index) => {
    const tenantId = deps.newTenantId();
    const fresh = { tenantId, slug: `r-${tenantId.slice(-8)}-${index}`, status: 'active', createdAt: now } as const;
    return aTenant({ ...fresh, ...fields(index) });
  });
  for (let from = 0; from < count; from += 100) {
    const items = tenants.slice(from, from + 100).map(tenantItem);
    const puts = items.map((Item) => ({ Put: { TableName: tableNames.tenants, Item } }));
    await documents.send(new TransactWriteCommand({ TransactItems: puts }));
  }
  documents.destroy();
  return tenants;
};

/** What administrators do with flags, in one line each. */
export const flagsOf = (system: System) => ({
  put: (key: string, definition: unknown, call: { ifMatch?: string; token?: string; query?: string } = {}) =>
    system.call<ChangedFlag>(`/v1/flags/${key}${call.query ?? ''}`, {
      method: 'PUT',
      body: definition,
      ...(call.ifMatch !== undefined && { headers: { 'if-match': call.ifMatch } }),
      ...(call.token !== undefined && { token: call.token }),
    }),

  preview: (key: string, definition: FlagDefinition, query = '?limit=200') =>
    system.call<Preview>(`/v1/flags/${key}/preview${query}`, { method: 'POST', body: definition }),

  override: (key: string, tenant: string, variant: string, reason = 'for a test') =>
    system.call(`/v1/flags/${key}/tenants/${tenant}`, { method: 'PUT', body: { variant, reason } }),

  given: async (tenant: string, key: string, token?: string): Promise<Evaluation> => {
    const path = `/v1/tenants/${tenant}/flags`;
    const { body } = await system.call<{ items: Evaluation[] }>(path, token === undefined ? {} : { token });
    return body.items.find((one) => one.key === key)!;
  },

  /** Waits until a change has been carried to every tenant. */
  carried: (operationId: string): Promise<Operation> =>
    system.until<Operation>(`change ${operationId} to be carried`, async () => {
      const { body } = await system.call<Operation>(`/v1/operations/${operationId}`);
      return body.status === 'succeeded' ? body : { not: body };
    }),

  /** The changes that a tenant's stream tells of a flag, oldest first. */
  told: async (tenant: string, key: string): Promise<AuditEvent[]> => {
    const events = await system.audited(tenant, 'action=flag.changed');
    return events.filter(({ target }) => target.id === key);
  },
});

export const okay = <T>({ status, body }: Answer<T>): T => {
  if (status !== 200) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`);
  return body;
};
