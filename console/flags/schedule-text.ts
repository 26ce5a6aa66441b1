import type { ScheduledChange } from '#core/contract/model/flags.ts';

/** Describes a scheduled change. */
export const scheduledText = ({ state, defaultVariant, targeting, percent }: ScheduledChange): string =>
  [
    state && (state === 'ENABLED' ? 'enables the flag' : 'disables the flag'),
    defaultVariant !== undefined && `makes ${defaultVariant ?? "the application's own value"} the default`,
    percent !== undefined && `sets the first share of the rule to ${percent}%`,
    targeting !== undefined && `sets the rule ${JSON.stringify(targeting)}`,
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(', ');

export const inOrder = (schedule: readonly ScheduledChange[]): ScheduledChange[] =>
  schedule.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
