import type { AuditDraft, Change, Item } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import type { Override } from '#core/contract/model/flags.ts';
import { keys, recordOf } from '#core/keys.ts';
import type { Overrides } from './evaluate-flags.ts';
import { entryOf, type FlagSet } from './flag-set.ts';

/** The override as stored: in the tenant's partition, and indexed by flag. */
export const overrideItem = (override: Override): Item => ({
  ...keys.override(override.tenantId, override.flagKey),
  ...override,
});

export const overrideOf = (item: Item) => recordOf(item) as Override;

/** The overrides of one tenant, by flag key. */
export const overridesOf = (overrides: readonly Override[]): Overrides =>
  Object.fromEntries(overrides.map(({ flagKey, variant }) => [flagKey, variant]));

/** Why a variant cannot be used in an override; `undefined` if it can. */
export const unknownVariant = (set: FlagSet, flagKey: string, variant: string): string | undefined => {
  const flag = entryOf(set.flags, flagKey);
  if (!flag) return `There is no flag "${flagKey}".`;
  return Object.hasOwn(flag.variants, variant) ? undefined : `The flag "${flagKey}" has no variant "${variant}".`;
};

/** Sets an override, provided that `set` is still current. Throws `invalid_request` if it has no such variant. */
export const setOverride = (set: FlagSet, before: Override | undefined, override: Override): Omit<Change, 'cause'> => {
  const unknown = unknownVariant(set, override.flagKey, override.variant);
  if (unknown !== undefined) {
    throw new AppError('invalid_request', unknown, {
      errors: [{ path: '/variant', message: 'must be one of the variants of the flag' }],
    });
  }
  return {
    stream: override.tenantId,
    writes: [
      { kind: 'put', table: 'flags', item: overrideItem(override) },
      {
        kind: 'check',
        table: 'flags',
        key: keys.flagSetVersion,
        guard: {
          condition: { equals: { version: set.version } },
          otherwise: { code: 'version_conflict', message: 'The flag set changed since it was read.' },
        },
      },
    ],
    audit: [overrideChanged(override.flagKey, before, override, override.reason)],
  };
};

/** Removes an override. */
export const removeOverride = (before: Override, reason: string | undefined): Omit<Change, 'cause'> => ({
  stream: before.tenantId,
  writes: [{ kind: 'delete', table: 'flags', key: keys.override(before.tenantId, before.flagKey) }],
  audit: [overrideChanged(before.flagKey, before, undefined, reason)],
});

const overrideChanged = (
  flagKey: string,
  before: Override | undefined,
  after: Override | undefined,
  reason: string | undefined,
): AuditDraft => ({
  action: 'flag.override.changed',
  target: { type: 'flag', id: flagKey },
  ...(before && { before: { variant: before.variant } }),
  ...(after && { after: { variant: after.variant } }),
  ...(reason !== undefined && { reason }),
});
