import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantSort } from '#core/contract/model/tenant.ts';
import { operationItem } from '#core/operation/operation.ts';
import { tenantItem } from '#core/tenant/tenant-record.ts';
import type * as Commit from '#stores/registry/commit.ts';
import type * as TenantRegistry from '#stores/registry/tenants.ts';
import { aCause, anOperation, aTenant } from '#test/builders.ts';
import { emptyTables } from '#test/local/stores/tables-fixture.ts';

let tables: AsyncDisposable;
let registry: typeof TenantRegistry;

// Asked for in this order. `acme` failed once, and gave its slug free.
const slugs = ['mono', 'acme', 'zeta', 'acme', 'beta', 'acme-2', 'gamma'];
const tenants = slugs.map((slug, index) =>
  aTenant({
    tenantId: `tn_01jdaa000000000000000000${index}0`,
    slug,
    status: index === 1 ? 'failed' : 'active',
    onboardedBy: index % 2 === 0 ? 'user#ada' : 'user#bob',
  }),
);

beforeAll(async () => {
  tables = await emptyTables();
  registry = await import('#stores/registry/tenants.ts');
  const { commit }: typeof Commit = await import('#stores/registry/commit.ts');
  for (const tenant of tenants) {
    const { tenantId } = tenant;
    await commit({
      stream: tenantId,
      writes: [
        tenantItem(tenant),
        operationItem(anOperation({ tenantId, subject: { type: 'tenant', id: tenantId } })),
      ].map((item) => ({
        kind: 'put',
        table: 'tenants',
        item,
      })),
      audit: [{ action: 'tenant.registered', target: { type: 'tenant', id: tenantId } }],
      cause: aCause(),
    });
  }
});
afterAll(() => tables[Symbol.asyncDispose]());

/** All pages, of two tenants each. */
const listed = async (sort: TenantSort, order: 'asc' | 'desc', filter: TenantRegistry.TenantFilter = {}) => {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await registry.listTenants(filter, { sort, order, limit: 2, cursor });
    found.push(...page.items.map(({ slug }) => slug));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
};

describe('tenants are listed, page by page,', () => {
  test('in the order of their creation, and backwards', async () => {
    expect(await listed('createdAt', 'asc')).toEqual(slugs);
    expect(await listed('createdAt', 'desc')).toEqual(slugs.toReversed());
  });

  test('by slug, each tenant once, also if two had the same', async () => {
    const sorted = slugs.toSorted();
    expect(await listed('slug', 'asc')).toEqual(sorted);
    expect(await listed('slug', 'desc')).toEqual(sorted.toReversed());
  });

  test.for(['createdAt', 'slug'] as const)('by %s, only those that match', async (sort) => {
    expect(await listed(sort, 'asc', { status: 'failed' })).toEqual(['acme']);
    expect(await listed(sort, 'asc', { q: 'MA' })).toEqual(['gamma']);
    const bobs = await listed(sort, 'asc', { onboardedBy: 'user#bob' });
    expect(bobs.toSorted()).toEqual(['acme', 'acme', 'acme-2']);
  });

  test('a cursor of one order is refused in another', async () => {
    const { nextCursor } = await registry.listTenants({}, { sort: 'slug', order: 'asc', limit: 2 });
    for (const [sort, order] of [
      ['slug', 'desc'],
      ['createdAt', 'asc'],
    ] as const) {
      await expect(registry.listTenants({}, { sort, order, limit: 2, cursor: nextCursor })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
  });
});
