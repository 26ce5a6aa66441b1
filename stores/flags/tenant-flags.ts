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

/** All that a tenant brings to an evaluation of its flags. */
export interface TenantFlags {
  tenant: TenantRecord;
  overrides: Overrides;
  digest: string;
  /** Where its audit stream was: nothing of the tenant changes without moving it. */
  auditSeq: number;
}

/** DynamoDB takes 100 keys at once; a tenant has two. */
const tenantsAtOnce = 50;

/** What tenants bring, as it is now; who is not in the answer is not there. `known` spares what has not changed. */
export const readTenantFlags = async (
  tenantIds: readonly string[],
  known: (tenantId: string) => TenantFlags | undefined,
): Promise<ReadonlyMap<string, TenantFlags>> => {
  const found = new Map<string, TenantFlags>();
  for (let start = 0; start < tenantIds.length; start += tenantsAtOnce) {
    const asked = tenantIds.slice(start, start + tenantsAtOnce);
    const items = await readTogether(asked);
    const read = asked.map(async (tenantId) => {
      const flags = await tenantFlagsOf(items, tenantId, known(tenantId));
      if (flags) found.set(tenantId, flags);
    });
    await Promise.all(read);
  }
  return found;
};

const readTogether = async (tenantIds: readonly string[]) => {
  const { Responses = {}, UnprocessedKeys = {} } = await documents.send(
    new BatchGetCommand({
      RequestItems: {
        [tableNames.tenants]: { Keys: tenantIds.map(keys.tenant), ConsistentRead: true },
        [tableNames.audit]: { Keys: tenantIds.map(keys.auditHead), ConsistentRead: true },
      },
    }),
  );
  if (Object.keys(UnprocessedKeys).length > 0) {
    throw new AppError('dependency_unavailable', 'The tables are too busy to give the records of the tenants.');
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
