import { expect, test } from 'vitest';
import { auditQueryOf, auditTokensOf } from '#console/audit/audit-query.ts';
import { differences } from '#console/audit/diff.ts';
import { addressOf } from '#console/shared/address.ts';

const token = (propertyKey: string, value: string) => ({ propertyKey, operator: '=' as const, value });

test('a change lists its leaves as added, removed and changed', () => {
  const before = { name: 'Acme', placement: { shardId: 'shared-1', epoch: 1 }, note: 'old', tags: ['a'] };
  const after = { name: 'Acme Ltd', placement: { shardId: 'shared-1', epoch: 2 }, tags: ['a', 'b'], empty: {} };
  expect(differences(before, after)).toEqual([
    { path: 'name', before: 'Acme', after: 'Acme Ltd', kind: 'changed' },
    { path: 'placement.shardId', before: 'shared-1', after: 'shared-1', kind: 'same' },
    { path: 'placement.epoch', before: '1', after: '2', kind: 'changed' },
    { path: 'note', before: 'old', kind: 'removed' },
    { path: 'tags', before: '["a"]', after: '["a","b"]', kind: 'changed' },
    { path: 'empty', after: '{}', kind: 'added' },
  ]);
  expect(differences(undefined, undefined)).toEqual([]);
});

test('a filter survives a round trip through the URL', () => {
  const query = {
    actor: 'ada@acme.example',
    action: 'tenant.placed' as const,
    from: '2026-11-25T12:00:00.000Z',
    to: '2026-11-26T12:00:00.000Z',
    q: 'shared & more',
  };
  expect(auditQueryOf(auditTokensOf(addressOf(query)))).toEqual(query);
});

test('a filter omits what the API would reject', () => {
  expect(auditQueryOf([token('action', 'no.such.action'), token('time', 'some day'), token('actor', 'ada')])).toEqual({
    actor: 'ada',
  });
});
