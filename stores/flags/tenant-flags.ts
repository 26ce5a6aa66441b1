import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { factsOf, type Overrides } from '#core/flags/evaluate-flags.ts';
import { tenantDigest } from '#core/flags/flag-etags.ts';
import { overridesOf } from '#core/flags/override.ts';
import { auditPartition, keys } from '#core/keys.ts';
import { type TenantRecord, tenantOf } from '#core/tenant/tenant-record.ts';
import { documents } from '#stores/aws/clients.ts';
import { readOverrides } from './overrides.ts';

/** What a tenant contributes to the evaluation of its flags. */
export interface TenantFlags {
  tenant: TenantRecord;
  overrides: Overrides;
  digest: string;
  /** The length of its audit stream: every change of the tenant increments it. */
  auditSeq: number;
}

/** DynamoDB reads 100 keys per call; each tenant has two. */
const tenantsPerRead = 50;

/** Reads the flags of tenants; a missing tenant is left out. `known` saves reading the overrides of an unchanged tenant. */
export const readTenantFlags = async (
  tenantIds: readonly string[],
  known: (tenantId: string) => TenantFlags | undefined,
): Promise<ReadonlyMap<string, TenantFlags>> => {
  const found = new Map<string, TenantFlags>();
  for (let start = 0; start < tenantIds.length; start += tenantsPerRead) {
    const batch = tenantIds.slice(start, start + tenantsPerRead);
    const items = await readRecords(batch);
    const read = batch.map(async (tenantId) => {
      const flags = await tenantFlagsOf(items, tenantId, known(tenantId));
      if (flags) found.set(tenantId, flags);
    });
    await Promise.all(read);
  }
  return found;
};

const readRecords = async (tenantIds: readonly string[]) => {
  const { Responses = {}, UnprocessedKeys = {} } = await documents.send(
    new BatchGetCommand({
      RequestItems: {
        [tableNames.tenants]: { Keys: tenantIds.map(keys.tenant), ConsistentRead: true },
        [tableNames.audit]: { Keys: tenantIds.map(keys.auditHead), ConsistentRead: true },
      },
    }),
  );
  if (Object.keys(UnprocessedKeys).length > 0) {
    throw new AppError('dependency_unavailable', 'The tables are too busy to return the records of the tenants.');
  }
  return {
    records: (Responses[tableNames.tenants] ?? []) as Item[],
    heads: (Responses[tableNames.audit] ?? []) as Item[],
  };
};

const tenantFlagsOf = async (
  { records, heads }: { records: readonly Item[]; heads: readonly Item[] },
  tenantId: string,
  known: TenantFlags | undefined,
): Promise<TenantFlags | undefined> => {
  const record = records.find(({ pk }) => pk === keys.tenant(tenantId).pk);
  if (!record) return undefined;
  const tenant = tenantOf(record);
  const auditSeq = Number(heads.find(({ pk }) => pk === auditPartition(tenantId))?.['seq'] ?? 0);
  if (known && known.auditSeq === auditSeq && isSame(known.tenant, tenant)) return known;
  const overrides = overridesOf(await readOverrides(tenantId));
  return { tenant, overrides, digest: tenantDigest(factsOf(tenant), overrides), auditSeq };
};

const isSame = (a: TenantRecord, b: TenantRecord) => a.version === b.version && a.status === b.status;
