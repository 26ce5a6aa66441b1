import type { Item } from '#core/change.ts';
import type { Override } from '#core/contract/flags.ts';
import { keys } from '#core/keys.ts';
import type { Overrides } from './evaluate-flags.ts';

/** The override as it is kept: in the tenant's partition, and found by its flag through an index. */
export const overrideItem = (override: Override): Item => ({
  ...keys.override(override.tenantId, override.flagKey),
  ...override,
});

export const overrideOf = ({ pk: _pk, sk: _sk, ...override }: Item) => override as unknown as Override;

/** The overrides of one tenant as an evaluation takes them. */
export const overridesOf = (overrides: readonly Override[]): Overrides =>
  Object.fromEntries(overrides.map(({ flagKey, variant }) => [flagKey, variant]));
