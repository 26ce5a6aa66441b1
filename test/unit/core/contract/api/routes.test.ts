import { describe, expect, test } from 'vitest';
import { routes, routeTable } from '#core/contract/api/routes.ts';

describe('a span of audit events', () => {
  const queries = [routes.listTenantAudit.query, routes.exportTenantAudit.query, routes.listSystemAudit.query];
  const faults = (span: object) => queries.flatMap((query) => query.safeParse(span).error?.issues ?? []);

  test('may be open at either end, or a single instant', () => {
    const at = '2026-11-22T12:00:00Z';
    for (const span of [{}, { from: at }, { to: at }, { from: at, to: at }]) expect(faults(span)).toEqual([]);
  });

  test('is compared by instants, not by text', () => {
    expect(faults({ from: '2026-11-22T12:00:00+02:00', to: '2026-11-22T11:00:00Z' })).toEqual([]);
  });

  test('must not end before it begins', () => {
    const faulty = faults({ from: '2026-11-22T12:00:00Z', to: '2026-11-22T13:00:00+02:00' });
    expect(faulty).toHaveLength(3);
    expect(faulty[0]).toMatchObject({ path: ['to'], message: 'must not be before from' });
  });

  test.for(['yesterday', '2026-11-22', '2026-13-01T00:00:00Z', '2026-11-22T12:00:00', ''])(
    'has no end "%s"',
    (from) => {
      expect(faults({ from })).toHaveLength(3);
    },
  );
});

describe('a page', () => {
  const { query } = routes.listTenants;

  test('has 50 items by default, and 1 to 200 on request', () => {
    expect(query.parse({}).limit).toBe(50);
    expect(query.parse({ limit: '200' }).limit).toBe(200);
    for (const limit of ['0', '201', '-1', '1.5', 'all', '']) expect(query.safeParse({ limit }).success).toBe(false);
  });

  test('rejects unknown filters', () => {
    expect(query.safeParse({ status: 'active', tier: 'growth' }).success).toBe(true);
    expect(query.safeParse({ status: 'asleep' }).success).toBe(false);
    expect(query.safeParse({ onboardedBy: 'ada' }).success).toBe(false);
  });
});

test('no two routes have the same method and path', () => {
  const keys = routeTable.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(keys).size).toBe(keys.length);
});
