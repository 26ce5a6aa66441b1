import { InvalidArgumentError, Option } from 'commander';

/** A positive whole number. */
export function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Must be a whole number from 1.');
}

/** A time or a day as ISO 8601, in UTC. */
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

/** Gathers `key=value` options that may be repeated. */
export function textEntries(text: string, earlier: Record<string, string>): Record<string, string> {
  const [key, value] = keyAndValue(text);
  return { ...earlier, [key]: value };
}

/** A number or truth value where the text is exactly how one is written, else the text: `007` stays text. */
function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Gathers `key=value` options whose values may be numbers and truth values. */
export function scalarEntries(
  text: string,
  earlier: Record<string, string | number | boolean>,
): Record<string, string | number | boolean> {
  const [key, value] = keyAndValue(text);
  return { ...earlier, [key]: scalar(value) };
}

export const limitOption = () => new Option('--limit <count>', 'show at most this many').argParser(count).default(50);
