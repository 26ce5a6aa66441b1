import * as z from 'zod';
import { arnOf, lastPartOf } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import { AwsError, type AwsService } from '#local/aws/endpoint/service.ts';
import { Deliveries, type DeliveryOptions } from './deliveries.ts';
import { bytesOf, type Entry, eventOf, judgeEntry, maxCallBytes, putEventsSchema } from './entries.ts';
import { buses, type Rule, ruleArn, targetArn } from './rules.ts';

export interface Bus extends AwsService {
  /** Delivers what an earlier run left undone: to be called once the functions can do their work. */
  resume(): void;
  /** Puts an event of an AWS service itself; resolves once it is kept. */
  put(bus: string, source: string, detailType: string, detail: unknown, options?: PutOptions): Promise<void>;
}

interface PutOptions {
  resources?: string[];
  /** How long the service takes until the bus has it. */
  delayMs?: number;
}

const EventBusName = z.string().default('default');
const requests = {
  list: z.strictObject({ EventBusName, NamePrefix: z.string().default(''), Limit: z.int().optional() }),
  describe: z.strictObject({ EventBusName, Name: z.string() }),
  targets: z.strictObject({ EventBusName, Rule: z.string(), Limit: z.int().optional() }),
  buses: z.strictObject({ NamePrefix: z.string().default(''), Limit: z.int().optional() }),
};

const describeRule = (rule: Rule) => ({
  Name: rule.name,
  Arn: ruleArn(rule),
  EventBusName: rule.bus,
  EventPattern: JSON.stringify(rule.pattern),
  State: 'ENABLED',
});

/** EventBridge on this machine: takes events as AWS does and delivers them to the functions of the rules. */
export const openBus = async (options: DeliveryOptions): Promise<Bus> => {
  const { clock, rules } = options;
  const deliveries = await Deliveries.open(options);

  const putEvents = async ({ Entries }: { Entries: Entry[] }) => {
    const bytes = Entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
    if (bytes > maxCallBytes)
      throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
    const judged = Entries.map((entry) => judgeEntry(entry, clock.now()));
    await deliveries.accept(judged.filter((one) => 'event' in one));
    return {
      FailedEntryCount: judged.filter((one) => 'ErrorCode' in one).length,
      Entries: judged.map((one) => ('event' in one ? { EventId: one.event.id } : one)),
    };
  };

  const rulesOn = (bus: string) => rules.filter((rule) => rule.bus === lastPartOf(bus));
  const find = (bus: string, name: string) => {
    const rule = rulesOn(bus).find((one) => one.name === name);
    if (rule) return rule;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
  };

  return {
    ...serviceOf({
      PutEvents: operation(putEventsSchema, putEvents),
      ListRules: operation(requests.list, (input) => ({
        Rules: rulesOn(input.EventBusName)
          .filter(({ name }) => name.startsWith(input.NamePrefix))
          .map(describeRule),
      })),
      DescribeRule: operation(requests.describe, (input) => describeRule(find(input.EventBusName, input.Name))),
      ListTargetsByRule: operation(requests.targets, (input) => {
        const rule = find(input.EventBusName, input.Rule);
        return { Targets: [{ Id: rule.functionName, Arn: targetArn(rule) }] };
      }),
      ListEventBuses: operation(requests.buses, ({ NamePrefix }) => ({
        EventBuses: buses
          .filter((name) => name.startsWith(NamePrefix))
          .map((Name) => ({ Name, Arn: arnOf('events', `event-bus/${Name}`) })),
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
