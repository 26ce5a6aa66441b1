import type { VariantCount } from '#core/contract/model/flag-changes.ts';
import type { Flag } from '#core/contract/model/flags.ts';

/** A flag without a variant for a tenant leaves the value to the application. */
const ownDefault = "the application's own";

/** A percentage that shows 0% and 100% only when they are exact. */
const percent = (part: number, whole: number): string => {
  const share = (100 * part) / whole;
  if (share > 0 && share < 1) return '< 1%';
  return share > 99 && share < 100 ? '> 99%' : `${Math.round(share)}%`;
};

/** The share of tenants that have a boolean flag on; for other flags, the share of each variant, the largest first. */
export const shareText = ({ variants }: Pick<Flag, 'variants'>, served: readonly VariantCount[]): string => {
  const whole = served.reduce((sum, { tenants }) => sum + tenants, 0);
  if (whole === 0) return 'no tenants';
  const isSwitch = Object.values(variants).every((value) => typeof value === 'boolean');
  if (!isSwitch) {
    return served.map(({ variant, tenants }) => `${percent(tenants, whole)} ${variant ?? ownDefault}`).join(', ');
  }
  const on = served.filter(({ variant }) => variant !== null && variants[variant] === true);
  const part = on.reduce((sum, { tenants }) => sum + tenants, 0);
  return `${percent(part, whole)} (${part.toLocaleString('en')} of ${whole.toLocaleString('en')})`;
};
