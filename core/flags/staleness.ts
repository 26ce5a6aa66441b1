import type { Staleness } from '#core/contract/model/flag-changes.ts';
import type { FlagRecord } from './flag-set.ts';

const daysOfOneVariant = 90;
const msPerDay = 86_400_000;

/** The end of the time in which a definition must not have changed for one variant everywhere to mean anything. */
export const longAgo = (now: string) => new Date(Date.parse(now) - daysOfOneVariant * msPerDay).toISOString();

/** Why a flag could go. `given` are the variants that tenants are given now; they count once the definition is old. */
export const stalenessOf = (
  flag: FlagRecord,
  now: string,
  given: readonly (string | null)[],
): Staleness | undefined => {
  if (flag.expiresAt !== undefined && Date.parse(flag.expiresAt) <= Date.parse(now)) {
    return { reason: 'expired', since: flag.expiresAt };
  }
  if (flag.updatedAt > longAgo(now)) return undefined;
  return given.length === 1 && given[0] !== undefined
    ? { reason: 'one-variant', since: flag.updatedAt, variant: given[0] }
    : undefined;
};
