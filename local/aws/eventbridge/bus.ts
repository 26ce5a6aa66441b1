import * as z from 'zod';
import { lastPartOf } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import { AwsError, type AwsService } from '#local/aws/endpoint/service.ts';
import { Deliveries, type DeliveryOptions } from './deliveries.ts';
import { bytesOf, type Entry, eventOf, maxCallBytes, putEventsSchema, readEntry } from './entries.ts';
import { ruleArn } from './rules.ts';

export interface Bus extends AwsService {
  /** Delivers what an earlier run left undone: to be called once the functions can do their work. */
  resume(): void;
  /** Puts an event of an AWS service itself; resolves once it is stored. */
  put(bus: string, source: string, detailType: string, detail: unknown, options?: PutOptions): Promise<void>;
}

interface PutOptions {
  resources?: string[];
  /** How long the service takes until the bus has it. */
  delayMs?: number;
}

const listInput = z.strictObject({ EventBusName: z.string().default('default') });

/** EventBridge on this machine: takes events as AWS does and delivers them to the functions of the rules. */
export const openBus = async (options: DeliveryOptions): Promise<Bus> => {
  const { clock, rules } = options;
  const deliveries = await Deliveries.open(options);

  const putEvents = async ({ Entries }: { Entries: Entry[] }) => {
    const bytes = Entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
    if (bytes > maxCallBytes)
      throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
    const read = Entries.map((entry) => readEntry(entry, clock.now()));
    await deliveries.accept(read.filter((one) => 'event' in one));
    return {
      FailedEntryCount: read.filter((one) => 'ErrorCode' in one).length,
      Entries: read.map((one) => ('event' in one ? { EventId: one.event.id } : one)),
    };
  };

  return {
    ...serviceOf({
      PutEvents: operation(putEventsSchema, putEvents),
      ListRules: operation(listInput, ({ EventBusName }) => ({
        Rules: rules
          .filter((rule) => rule.bus === lastPartOf(EventBusName))
          .map((rule) => ({ Name: rule.name, Arn: ruleArn(rule), EventPattern: JSON.stringify(rule.pattern) })),
      })),
    }),
    resume: () => deliveries.resume(),
    async put(bus, source, detailType, detail, { resources = [], delayMs } = {}) {
      const event = eventOf({ source, 'detail-type': detailType, resources, detail }, clock.now());
      await deliveries.accept([{ bus, event }], delayMs);
    },
    close: () => deliveries.close(),
  };
};
