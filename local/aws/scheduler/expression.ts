import { Cron } from 'croner';

/** When a schedule runs next, strictly after a time; both in milliseconds since 1970. */
export type Next = (after: number) => number | undefined;

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const refusal = (expression: string, reason: string) =>
  new Error(`The schedule ${expression} is not valid: ${reason}.`);

const rate = (expression: string, body: string): Next => {
  const [, count = '', unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const period = Number(count) * (unitMs[unit] ?? 0);
  if (!period) throw refusal(expression, 'a rate is a whole number above 0 and minute(s), hour(s) or day(s)');
  if ((plural === 's') !== Number(count) > 1)
    throw refusal(expression, 'the unit is in the singular for 1 and in the plural for more');
  return (after) => after + period;
};

const at = (expression: string, body: string): Next => {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body) ? Date.parse(`${body}Z`) : Number.NaN;
  if (Number.isNaN(time)) throw refusal(expression, 'a time is written yyyy-mm-ddThh:mm:ss, in UTC');
  return (after) => (time > after ? time : undefined);
};

const cron = (expression: string, body: string): Next => {
  const fields = body.split(' ');
  if (fields.length !== 6)
    throw refusal(expression, 'it takes six fields: minutes, hours, day of month, month, day of week and year');
  if ([fields[2], fields[4]].filter((field) => field === '?').length !== 1)
    throw refusal(expression, 'exactly one of day of month and day of week must be ?');
  if (fields.some((field, place) => field === '?' && place !== 2 && place !== 4))
    throw refusal(expression, '? stands for a day of month or of week only');
  const times = cronOf(expression, body);
  return (after) => times.nextRun(new Date(after))?.getTime();
};

const cronOf = (expression: string, body: string) => {
  try {
    // The options under which croner reads the six fields as AWS does: 1 is Sunday, ranges may have steps.
    return new Cron(`0 ${body}`, {
      mode: '7-part',
      alternativeWeekdays: true,
      domAndDow: true,
      sloppyRanges: true,
      timezone: 'UTC',
    });
  } catch (error) {
    throw refusal(expression, error instanceof Error ? error.message : String(error));
  }
};

const kinds: Readonly<Record<string, (expression: string, body: string) => Next>> = { rate, at, cron };

/** Reads `rate(…)`, `cron(…)` or `at(…)`, all in UTC; throws for what AWS refuses. */
export const parseSchedule = (expression: string): Next => {
  const [, kind = '', body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  const parse = kinds[kind];
  if (!parse) throw refusal(expression, 'it is none of rate(…), cron(…) and at(…)');
  return parse(expression, body);
};
