import type { FlagDefinition, FlagSetDocument } from '#core/contract/model/flags.ts';
import type { System } from './harness.ts';

const onOff = { variants: { on: true, off: false }, defaultVariant: 'off' } as const;

/** A flag of every type, and one for every reason and error there is. */
export const everyFlag = {
  switch: { state: 'ENABLED', ...onOff },
  colour: { state: 'ENABLED', variants: { blue: 'blue', none: '' }, defaultVariant: 'blue' },
  seats: { state: 'ENABLED', variants: { few: 3, none: 0 }, defaultVariant: 'few' },
  ratio: { state: 'ENABLED', variants: { half: 0.5 }, defaultVariant: 'half' },
  limits: { state: 'ENABLED', variants: { small: { perDay: 5, tags: ['a'] } }, defaultVariant: 'small' },
  'by-tier': {
    state: 'ENABLED',
    variants: { few: 3, many: 500 },
    defaultVariant: 'few',
    targeting: { if: [{ '===': [{ var: 'tier' }, 'growth'] }, 'many', null] },
  },
  'by-plan': {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: { if: [{ '===': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] },
  },
  'by-share': {
    state: 'ENABLED',
    variants: { a: 'a', b: 'b', c: 'c' },
    defaultVariant: 'a',
    targeting: {
      fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }, ['a', 40], ['b', 30], ['c', 30]],
    },
  },
  'by-time': {
    state: 'ENABLED',
    variants: { before: 'before', after: 'after' },
    defaultVariant: 'before',
    targeting: { if: [{ '>': [{ var: '$flagd.timestamp' }, 4_000_000_000] }, 'after', 'before'] },
  },
  disabled: { state: 'DISABLED', ...onOff },
  'code-default': { state: 'ENABLED', variants: { on: true } },
  child: { state: 'ENABLED', ...onOff, defaultVariant: 'on', prerequisites: [{ flag: 'switch', variant: 'on' }] },
  broken: {
    state: 'ENABLED',
    ...onOff,
    targeting: { if: [{ '===': [{ var: 'plan' }, 'odd'] }, 'nowhere', 'nowhere-else'] },
  },
  described: { state: 'ENABLED', ...onOff, metadata: { owner: 'web', priority: 2, external: false } },
} as const satisfies Record<string, FlagDefinition>;

/** A flag of the examples that takes two administrators to change: it stays. */
export const keptFlag = 'data-residency';

/** Puts these flags into force, and no others but the one that stays. */
export const putFlags = async (system: System, flags: FlagSetDocument['flags']) => {
  const { flags: before, $evaluators } = (await system.call<FlagSetDocument>('/v1/flagset')).body;
  const kept = before[keptFlag];
  const document = { flags: { ...flags, ...(kept && { [keptFlag]: kept }) }, $evaluators };
  const { status, body } = await system.call('/v1/flagset', { method: 'PUT', body: document });
  if (status >= 300) throw new Error(`The flags are refused: ${JSON.stringify(body)}`);
};

/** A tenant in service, and what its applications need to ask for flags. */
export const aServedTenant = async (system: System, fields: Record<string, unknown> = {}) => {
  const { tenant, operation } = (await system.onboard(fields)).body;
  await system.untilOperation(operation.id, 'succeeded');
  const token = await system.token('tenant-member', tenant.tenantId);
  return {
    tenantId: tenant.tenantId,
    slug: tenant.slug,
    token,
    headers: [['Authorization', `Bearer ${token}`]] as [string, string][],
  };
};
export type ServedTenant = Awaited<ReturnType<typeof aServedTenant>>;
