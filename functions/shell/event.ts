import middy from '@middy/core';
import type { EventBridgeEvent } from 'aws-lambda';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

export type BusEvent = EventBridgeEvent<string, unknown>;

/** The stack of every function that a rule of the event bus calls: what it throws is delivered again. */
export const onEvent = (name: string, work: (event: BusEvent, log: Log) => Promise<void>) => {
  const logOf = (event: BusEvent) => logFor({ function: name, requestId: event.id });
  return middy<BusEvent, void>()
    .use(namedAndLogged(logOf))
    .handler(async (event: BusEvent) => {
      const log = logOf(event);
      await work(event, log);
      log.info(`${name} done`, { detailType: event['detail-type'] });
    });
};
