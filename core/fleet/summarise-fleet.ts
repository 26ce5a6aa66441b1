import type { Fleet } from '#core/contract/model/fleet.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { operationKindNames } from '#core/operation/kinds.ts';

/** What of a tenant is counted. */
export type CountedTenant = Pick<Tenant, 'status' | 'tier' | 'region'> & { shardId?: string | undefined };
export type CountedOperation = Pick<Operation, 'kind' | 'status' | 'startedAt' | 'endedAt' | 'failure'>;

interface FleetFacts {
  tenants: Iterable<CountedTenant>;
  /** Those begun since `since`. */
  operations: readonly CountedOperation[];
  since: string;
  now: string;
}

/** Counts tenants, and how the operations since a moment went, by kind. */
export const summariseFleet = ({ tenants, operations, since, now }: FleetFacts): Fleet => {
  const counts = { byStatus: {}, byTier: {}, byRegion: {}, byShard: {} };
  let total = 0;
  for (const { status, tier, region, shardId } of tenants) {
    total += 1;
    count(counts.byStatus, status);
    count(counts.byTier, tier);
    count(counts.byRegion, region);
    if (shardId !== undefined) count(counts.byShard, shardId);
  }
  const ofKind = Map.groupBy(operations, ({ kind }) => kind);
  return {
    asOf: now,
    tenants: total,
    ...counts,
    onboardings: { since, ...outcomesOf(ofKind.get('onboard') ?? []) },
    operations: operationKindNames
      .filter((kind) => ofKind.has(kind))
      .map((kind) => ({ kind, ...outcomesOf(ofKind.get(kind) ?? []) })),
  };
};

const count = (counts: Record<string, number>, name: string) => {
  counts[name] = (counts[name] ?? 0) + 1;
};

const outcomesOf = (operations: readonly CountedOperation[]) => {
  const having = (status: Operation['status']) => operations.filter((operation) => operation.status === status);
  const durations = having('succeeded')
    .map(({ startedAt, endedAt = startedAt }) => Date.parse(endedAt) - Date.parse(startedAt))
    .toSorted((a, b) => a - b);
  return {
    running: having('running').length,
    succeeded: having('succeeded').length,
    failed: having('failed').length,
    rolledBack: having('rolled-back').length,
    rollbackFailed: having('rollback-failed').length,
    ...(durations.length > 0 && { p50Ms: percentile(durations, 50), p95Ms: percentile(durations, 95) }),
    failures: failuresOf(operations),
  };
};

/** The nearest rank: the smallest duration that so many percent do not exceed. */
const percentile = (sorted: readonly number[], percent: number) =>
  sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;

/** Failures by the step and the error they had, most frequent first. */
const failuresOf = (operations: readonly CountedOperation[]) => {
  const found = new Map<string, { step: string; code: string; count: number }>();
  for (const { failure } of operations) {
    if (!failure) continue;
    const { step, code } = failure;
    const known = found.get(`${step} ${code}`) ?? { step, code, count: 0 };
    found.set(`${step} ${code}`, { ...known, count: known.count + 1 });
  }
  return [...found.values()].toSorted((a, b) => b.count - a.count || a.step.localeCompare(b.step));
};
