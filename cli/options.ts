import { InvalidArgumentError, Option } from 'commander';

/** Parses a positive whole number. */
export function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Must be a whole number, 1 or more.');
}

/** Parses an ISO 8601 time or date, in UTC. */
export function instant(text: string): string {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError('Must be a time such as 2026-11-22T12:00:00Z.');
  return new Date(milliseconds).toISOString();
}

function keyAndValue(text: string): [string, string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('Must be key=value.');
  return [key, value];
}

/** Collects repeatable `key=value` options. */
export function textEntries(text: string, earlier: Record<string, string>): Record<string, string> {
  const [key, value] = keyAndValue(text);
  return { ...earlier, [key]: value };
}

/** Parses canonical numbers and booleans; everything else, such as `007`, stays text. */
function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Collects repeatable `key=value` options whose values may be numbers or booleans. */
export function scalarEntries(
  text: string,
  earlier: Record<string, string | number | boolean>,
): Record<string, string | number | boolean> {
  const [key, value] = keyAndValue(text);
  return { ...earlier, [key]: scalar(value) };
}

export const watchOption = () => new Option('--watch', 'follow the operation until it ends');

export const limitOption = () => new Option('--limit <count>', 'show at most this many').argParser(count).default(50);
