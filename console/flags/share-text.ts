import type { VariantCount } from '#core/contract/model/flag-changes.ts';
import type { Flag } from '#core/contract/model/flags.ts';

/** A flag that has no variant for a tenant leaves the value to the application. */
const ownDefault = "the application's own";

/** 1 of 1,000 is not nobody, and 999 are not everybody. */
const percent = (part: number, whole: number): string => {
  const share = (100 * part) / whole;
  if (share > 0 && share < 1) return '< 1 %';
  return share > 99 && share < 100 ? '> 99 %' : `${Math.round(share)} %`;
};

/** How many tenants have the flag on or, of one that is no switch, which variant they are given: the most first. */
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
