import type { Staleness } from '#core/contract/model/flag-changes.ts';
import type { FlagRecord } from './flag-set.ts';

const daysOfOneVariant = 90;
const msPerDay = 86_400_000;

/** A definition last changed before this time is stale if it serves one variant to every tenant. */
export const staleBefore = (now: string) => new Date(Date.parse(now) - daysOfOneVariant * msPerDay).toISOString();

/** Why a flag is stale, if it is. `served` are the variants served now; they count once the definition is old enough. */
export const stalenessOf = (
  flag: FlagRecord,
  now: string,
  served: readonly (string | null)[],
): Staleness | undefined => {
  if (flag.expiresAt !== undefined && Date.parse(flag.expiresAt) <= Date.parse(now)) {
    return { reason: 'expired', since: flag.expiresAt };
  }
  if (flag.updatedAt > staleBefore(now)) return undefined;
  return served.length === 1 && served[0] !== undefined
    ? { reason: 'one-variant', since: flag.updatedAt, variant: served[0] }
    : undefined;
};
