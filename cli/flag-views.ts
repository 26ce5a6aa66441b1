import type { Answer } from '#core/contract/api/routes.ts';
import type { FlagVersion, Flip, Preview, Proposal } from '#core/contract/model/flag-changes.ts';
import type { Evaluation, Evaluator, Flag, Override } from '#core/contract/model/flags.ts';
import { time } from './format.ts';
import { type Column, facts, table } from './table.ts';

const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));

export const flagView = (flag: Flag) =>
  facts({
    Flag: flag.key,
    Description: flag.description,
    Owner: flag.owner,
    State: flag.state,
    Variants: json(flag.variants),
    Default: flag.defaultVariant ?? "(the application's own)",
    Rule: json(flag.targeting),
    Prerequisites: flag.prerequisites?.map(({ flag: key, variant }) => `${key}=${variant}`).join(' '),
    Schedule: flag.schedule?.map(({ at, ...changes }) => `${at} ${JSON.stringify(changes)}`).join('; '),
    Metadata: json(flag.metadata),
    Expires: flag.expiresAt,
    Version: flag.version,
    Updated: `${time(flag.updatedAt)} by ${flag.updatedBy}`,
  });

type ListedFlag = Answer<'listFlags'>['items'][number];

const staleText = ({ stale }: ListedFlag) => {
  if (!stale) return undefined;
  return stale.reason === 'expired'
    ? `expired ${time(stale.since)}`
    : `${stale.variant} for all tenants since ${time(stale.since)}`;
};

const flagColumns: readonly Column<ListedFlag>[] = [
  { title: 'Flag', value: ({ key }) => key },
  { title: 'State', value: ({ state }) => state },
  { title: 'Default', value: ({ defaultVariant }) => defaultVariant ?? undefined },
  { title: 'Version', value: ({ version }) => version },
  { title: 'Owner', value: ({ owner }) => owner, flexible: true },
  { title: 'Updated', value: ({ updatedAt }) => time(updatedAt) },
  { title: 'Stale', value: staleText, flexible: true },
];
const servedColumn: Column<ListedFlag> = {
  title: 'Served',
  value: ({ served }) => served?.map(({ variant, tenants }) => `${variant ?? '(none)'} ${tenants}`).join(', '),
  flexible: true,
};
export const flagsView = (flags: readonly ListedFlag[], width: number) =>
  table(flags, flags.some(({ served }) => served) ? [...flagColumns, servedColumn] : flagColumns, width);

const servedText = ({ variant, value }: Flip['from']) => (variant === null ? undefined : `${variant} (${json(value)})`);

const flipColumns: readonly Column<Flip>[] = [
  { title: 'Tenant', value: ({ slug }) => slug, flexible: true },
  { title: 'Flag', value: ({ flagKey }) => flagKey, flexible: true },
  { title: 'From', value: ({ from }) => servedText(from), flexible: true },
  { title: 'To', value: ({ to }) => servedText(to), flexible: true },
];
const many = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
export const previewView = ({ count, tenants, flips }: Preview, width: number) =>
  count === 0
    ? 'No tenants affected.'
    : `${many(count, 'flip')} for ${many(tenants, 'tenant')}\n\n${table(flips, flipColumns, width)}`;

const versionColumns: readonly Column<FlagVersion>[] = [
  { title: 'Version', value: ({ version }) => version },
  { title: 'Time', value: (version) => time(version.time) },
  { title: 'By', value: ({ actor }) => actor.id, flexible: true },
  { title: 'Reason', value: ({ reason }) => reason, flexible: true },
  { title: 'Definition', value: ({ definition }) => json(definition) ?? '(deleted)', flexible: true },
];
export const versionsView = (versions: readonly FlagVersion[], width: number) => table(versions, versionColumns, width);

const evaluationColumns: readonly Column<Evaluation>[] = [
  { title: 'Flag', value: ({ key }) => key },
  { title: 'Value', value: ({ value }) => json(value), flexible: true },
  { title: 'Variant', value: ({ variant }) => variant, flexible: true },
  { title: 'Reason', value: ({ reason, errorCode }) => errorCode ?? reason },
  { title: 'Override', value: ({ overridden }) => (overridden ? 'yes' : undefined) },
];
export const evaluationsView = (evaluations: readonly Evaluation[], width: number) =>
  table(evaluations, evaluationColumns, width);

const overrideColumns: readonly Column<Override>[] = [
  { title: 'Tenant', value: ({ tenantId }) => tenantId },
  { title: 'Variant', value: ({ variant }) => variant },
  { title: 'Updated', value: ({ updatedAt }) => time(updatedAt) },
  { title: 'Reason', value: ({ reason }) => reason, flexible: true },
];
export const overridesView = (overrides: readonly Override[], width: number) =>
  table(overrides, overrideColumns, width);

const proposalColumns: readonly Column<Proposal>[] = [
  { title: 'Proposal', value: ({ proposalId }) => proposalId },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Changes', value: ({ target }) => `${target.type} ${target.name}`, flexible: true },
  { title: 'By', value: ({ proposedBy }) => proposedBy, flexible: true },
  { title: 'Reason', value: ({ reason }) => reason, flexible: true },
];
export const proposalsView = (proposals: readonly Proposal[], width: number) =>
  table(proposals, proposalColumns, width);

const evaluatorColumns: readonly Column<Evaluator>[] = [
  { title: 'Evaluator', value: ({ name }) => name },
  { title: 'Version', value: ({ version }) => version },
  { title: 'Updated', value: ({ updatedAt }) => time(updatedAt) },
  { title: 'Rule', value: ({ rule }) => json(rule), flexible: true },
];
export const evaluatorsView = (evaluators: readonly Evaluator[], width: number) =>
  table(evaluators, evaluatorColumns, width);

/** The result of a change, in one line. */
export const changeLine = (name: string, answer: { version: number; operationId?: string | undefined }) =>
  answer.operationId === undefined
    ? `No change: ${name} already has this definition (version ${answer.version}).`
    : `${name} is now at version ${answer.version}; operation ${answer.operationId} propagates the change.`;

export const proposedLine = ({ proposalId, target }: Proposal) =>
  `The change to ${target.name} needs approval by another administrator: tenantry proposal approve ${proposalId}`;
