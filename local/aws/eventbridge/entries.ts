import { randomUUID } from 'node:crypto';
import type { EventBridgeEvent } from 'aws-lambda';
import * as z from 'zod';
import { lastPartOf, localAccount, localRegion } from '#local/aws/endpoint/names.ts';
import { buses } from './rules.ts';

export type BusEvent = EventBridgeEvent<string, unknown>;

/** What EventBridge takes in one call, all entries together. */
export const maxCallBytes = 262_144;

const entrySchema = z.strictObject({
  EventBusName: z.string().optional(),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  /** Seconds since 1970. */
  Time: z.number().optional(),
  Resources: z.array(z.string()).default([]),
  TraceHeader: z.string().optional(),
});
export const putEventsSchema = z.strictObject({ Entries: z.array(entrySchema).min(1).max(10) });
export type Entry = z.infer<typeof entrySchema>;

/** An entry's event and bus, or why this one entry is refused. */
type ReadEntry = { bus: string; event: BusEvent } | { ErrorCode: string; ErrorMessage: string };

/** The size of an entry as AWS counts it. */
export const bytesOf = ({ Source = '', DetailType = '', Detail = '', Time, Resources }: Entry) =>
  [Source, DetailType, Detail, ...Resources].reduce((bytes, text) => bytes + Buffer.byteLength(text), Time ? 14 : 0);

/** `2026-11-22T10:00:00Z`: AWS writes whole seconds. */
const timeText = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** The event in the form in which targets get it. */
export const eventOf = (
  fields: Pick<BusEvent, 'source' | 'detail-type' | 'detail' | 'resources'>,
  time: number,
): BusEvent => ({
  version: '0',
  id: randomUUID(),
  account: localAccount,
  time: timeText(time),
  region: localRegion,
  ...fields,
});

const parsedDetail = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    // The caller gets MalformedDetail.
    return null;
  }
};

const missing = (name: string) => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** Validates one entry by itself, as AWS does: the others of the call are taken all the same. */
export const readEntry = (entry: Entry, now: number): ReadEntry => {
  const { Source, DetailType, Detail, Time, Resources } = entry;
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const bus = buses.find((name) => name === lastPartOf(entry.EventBusName ?? 'default'));
  if (!bus)
    return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${entry.EventBusName} does not exist.` };
  const detail = parsedDetail(Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time = Time === undefined ? now : Time * 1000;
  return { bus, event: eventOf({ source: Source, 'detail-type': DetailType, resources: Resources, detail }, time) };
};
