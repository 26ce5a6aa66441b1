import type { Fleet } from '#core/contract/model/fleet.ts';
import { hashSpace, type Shard } from '#core/contract/model/shard.ts';
import type { TenantStatus } from '#core/contract/model/tenant.ts';

export interface Concern {
  /** Severity; the most severe comes first. */
  severity: 'error' | 'warning' | 'info';
  text: string;
  detail: string;
  to: string;
}

type Rule = Omit<Concern, 'text' | 'to'> & { status: TenantStatus; textOf: (count: number) => string };

const tenantsText = (count: number) => (count === 1 ? '1 tenant' : `${count} tenants`);

const rules: readonly Rule[] = [
  {
    status: 'rollback-failed',
    severity: 'error',
    textOf: (count) => `The roll-back of ${tenantsText(count)} failed`,
    detail: 'Some resources are left. The roll-back is retried every minute.',
  },
  {
    status: 'failed',
    severity: 'error',
    textOf: (count) => `The onboarding of ${tenantsText(count)} failed`,
    detail: 'Everything created so far was removed. Fix the cause, then retry.',
  },
  {
    status: 'suspended',
    severity: 'info',
    textOf: (count) => `${tenantsText(count)} suspended`,
    detail: 'Its users have no access.',
  },
];

/** A shard is nearly full from this share of its capacity on. */
const nearlyFull = 0.9;

const ofShard = ({ shardId, count, capacity, state, class: shardClass }: Shard): Concern[] => {
  if (shardClass !== 'shared' || state === 'closed' || count < capacity * nearlyFull) return [];
  const isFull = count >= capacity;
  return [
    {
      severity: isFull ? 'error' : 'warning',
      text: `Shard ${shardId} is ${isFull ? 'full' : 'nearly full'}`,
      detail: isFull ? 'Tenants in its range cannot be onboarded.' : `${count} of ${capacity} places are taken.`,
      to: `/tenants?shard=${shardId}`,
    },
  ];
};

const isSpare = ({ state, count, capacity }: Shard) => state === 'open' && count < capacity;

const spareShards = (shards: readonly Shard[]): Concern[] => {
  const dedicated = shards.filter(({ class: shardClass }) => shardClass === 'dedicated');
  if (dedicated.length === 0 || dedicated.some(isSpare)) return [];
  return [
    {
      severity: 'warning',
      text: 'No spare dedicated shard',
      detail: 'Silo tenants cannot be onboarded until one is added.',
      to: '/fleet',
    },
  ];
};

const staleFlags = (count: number, isAll: boolean): Concern[] =>
  count === 0
    ? []
    : [
        {
          severity: 'info',
          text:
            count === 1
              ? '1 stale flag can be removed'
              : `${count}${isAll ? '' : ' or more'} stale flags can be removed`,
          detail: 'Expired, or the same variant for every tenant for 90 days.',
          to: '/flags?stale=true',
        },
      ];

interface Seen {
  byStatus: Fleet['byStatus'];
  shards?: readonly Shard[];
  /** One page of stale flags. */
  stale?: { items: readonly unknown[]; nextCursor?: string | undefined } | undefined;
}

/** What needs attention, the most severe first. */
export const concernsOf = ({ byStatus, shards = [], stale = { items: [] } }: Seen): Concern[] => {
  const ofTenants = rules.flatMap(({ status, severity, textOf, detail }): Concern[] => {
    const count = byStatus[status] ?? 0;
    return count > 0 ? [{ severity, text: textOf(count), detail, to: `/tenants?status=${status}` }] : [];
  });
  const order = ['error', 'warning', 'info'];
  return [
    ...ofTenants,
    ...shards.flatMap(ofShard),
    ...spareShards(shards),
    ...staleFlags(stale.items.length, !stale.nextCursor),
  ].toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
};

/** The range of hashes that a shard serves, as percentages of all hashes. */
export const rangeShare = ({ from, to }: NonNullable<Shard['range']>) => ({
  start: (from / hashSpace) * 100,
  size: ((to - from + 1) / hashSpace) * 100,
});
