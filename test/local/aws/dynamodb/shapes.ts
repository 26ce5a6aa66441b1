import type { TableShape } from '#core/contract/platform/tables.ts';

/** A table with an index `by-status` on `status` and `at`. */
export const aTable = (name: string, more: Partial<TableShape> = {}): TableShape => ({
  name,
  indexes: { 'by-status': { partition: 'status', sort: 'at' } },
  ...more,
});

export const withStream = { stream: 'NEW_AND_OLD_IMAGES' } as const;

/** What the writer that is killed writes to. */
export const crashTables = [aTable('tenants'), aTable('audit', withStream)];
