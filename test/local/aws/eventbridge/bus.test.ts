import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { expect, onTestFinished, test, vi } from 'vitest';
import { functionSpecs } from '#functions/manifest.ts';
import { startEndpoint } from '#local/aws/endpoint/endpoint.ts';
import { openBus } from '#local/aws/eventbridge/bus.ts';
import type { BusEvent } from '#local/aws/eventbridge/entries.ts';
import { rulesOf } from '#local/aws/eventbridge/rules.ts';
import { VirtualClock } from '#local/clock.ts';
import { openState } from '#local/state.ts';
import { aFolder, toward } from '#test/local/aws/endpoint/endpoint-fixture.ts';

type Deliver = (functionName: string, event: BusEvent) => Promise<unknown>;

/** A bus with the manifest's rules, a client for it, what was delivered and what was given up. */
const aBus = async ({ folder, deliver = async () => {} }: { folder?: string; deliver?: Deliver } = {}) => {
  const state = await openState(folder);
  const clock = new VirtualClock(state);
  const delivered: { functionName: string; event: BusEvent }[] = [];
  const letters: { event: BusEvent; reasons: Record<string, string> }[] = [];
  const bus = await openBus({
    state,
    clock,
    rules: rulesOf(functionSpecs),
    async deliver(functionName, event) {
      await deliver(functionName, event);
      delivered.push({ functionName, event });
    },
    async deadLetter(body, reasons) {
      letters.push({ event: JSON.parse(body) as BusEvent, reasons });
    },
    retryDelaysMs: [1, 1],
  });
  const endpoint = await startEndpoint({ port: 0, services: { events: bus } });
  const client = new EventBridgeClient(toward(endpoint.url));
  const close = async () => {
    client.destroy();
    await endpoint.close();
    await bus.close();
    clock.close();
    await state.close();
  };
  return { bus, client, delivered, letters, close };
};

const anEvent = (requestId: string, more: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  EventBusName: 'tenantry',
  Source: 'sales.example',
  DetailType: 'tenant.onboarding.requested',
  Detail: JSON.stringify({ requestId }),
  ...more,
});

test('an event reaches the function whose rule asks for it, in the form that Lambda gets', async () => {
  const { client, delivered, close } = await aBus();
  onTestFinished(close);
  const Time = new Date('2026-11-22T10:00:00.123Z');
  const { Entries, FailedEntryCount } = await client.send(
    new PutEventsCommand({
      Entries: [
        anEvent('r-1', { Time, Resources: ['a'] }),
        anEvent('r-2', { DetailType: 'of no rule' }),
        anEvent('r-3', { EventBusName: 'default' }),
      ],
    }),
  );
  expect(FailedEntryCount).toBe(0);
  await vi.waitFor(() => expect(delivered).toHaveLength(1));
  expect(delivered[0]).toEqual({
    functionName: 'intake-events',
    event: {
      version: '0',
      id: Entries?.[0]?.EventId,
      account: '000000000000',
      region: 'us-east-1',
      time: '2026-11-22T10:00:00Z',
      source: 'sales.example',
      'detail-type': 'tenant.onboarding.requested',
      resources: ['a'],
      detail: { requestId: 'r-1' },
    },
  });
});

test('500 events at once are each delivered once, a few at a time', async () => {
  let running = 0;
  let most = 0;
  const { client, delivered, close } = await aBus({
    async deliver() {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    },
  });
  onTestFinished(close);
  const ids = Array.from({ length: 500 }, (_, n) => `r-${n}`);
  const calls = Array.from({ length: 50 }, (_, call) => ids.slice(call * 10, call * 10 + 10));
  await Promise.all(
    calls.map((batch) => client.send(new PutEventsCommand({ Entries: batch.map((id) => anEvent(id)) }))),
  );
  await vi.waitFor(() => expect(delivered).toHaveLength(500), { timeout: 20_000 });
  expect(new Set(delivered.map(({ event }) => (event.detail as { requestId: string }).requestId))).toEqual(
    new Set(ids),
  );
  expect(most).toBeLessThanOrEqual(16);
});

test('an event that its function cannot take at first is delivered again', async () => {
  let tries = 0;
  const { client, delivered, letters, close } = await aBus({
    deliver: () => (++tries < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
  });
  onTestFinished(close);
  await client.send(new PutEventsCommand({ Entries: [anEvent('r-1')] }));
  await vi.waitFor(() => expect(delivered).toHaveLength(1));
  expect([tries, letters]).toEqual([3, []]);
});

test('an event that fails three times becomes a dead letter that says where and why', async () => {
  const refusal = Object.assign(new Error('no such tier'), { name: 'InvalidRequest' });
  const { client, delivered, letters, close } = await aBus({ deliver: () => Promise.reject(refusal) });
  onTestFinished(close);
  await client.send(new PutEventsCommand({ Entries: [anEvent('r-1')] }));
  await vi.waitFor(() => expect(letters).toHaveLength(1));
  expect(letters[0]).toMatchObject({
    event: { detail: { requestId: 'r-1' } },
    reasons: {
      RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/tenantry/intake-events',
      TARGET_ARN: 'arn:aws:lambda:us-east-1:000000000000:function:intake-events',
      ERROR_CODE: 'InvalidRequest',
      ERROR_MESSAGE: 'no such tier',
      RETRY_ATTEMPTS: '2',
    },
  });
  expect(delivered).toEqual([]);
});

test('what was taken and not delivered is delivered after a restart, and only that', async () => {
  using place = aFolder();
  const stuck = Promise.withResolvers<void>();
  const first = await aBus({
    folder: place.folder,
    deliver: (_name, event) =>
      (event.detail as { requestId: string }).requestId === 'r-2' ? stuck.promise : Promise.resolve(),
  });
  await first.client.send(new PutEventsCommand({ Entries: [anEvent('r-1'), anEvent('r-2')] }));
  await vi.waitFor(() => expect(first.delivered).toHaveLength(1));
  const closing = first.close();
  stuck.reject(new Error('cut off'));
  await closing;

  const second = await aBus({ folder: place.folder });
  onTestFinished(second.close);
  expect(second.delivered).toEqual([]);
  second.bus.resume();
  await second.client.send(new PutEventsCommand({ Entries: [anEvent('r-3')] }));
  await vi.waitFor(() => expect(second.delivered).toHaveLength(2));
  expect(second.delivered.map(({ event }) => event.detail)).toEqual(
    expect.arrayContaining([{ requestId: 'r-2' }, { requestId: 'r-3' }]),
  );
});

test('the end of an execution reaches the function that recovers its operation', async () => {
  const { bus, delivered, close } = await aBus();
  onTestFinished(close);
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:onboard-tenant';
  const tell = (status: string, arn = stateMachineArn) =>
    bus.put('default', 'aws.states', 'Step Functions Execution Status Change', { status, stateMachineArn: arn });
  await tell('RUNNING');
  await tell('ABORTED', `${stateMachineArn}-other`);
  await tell('ABORTED');
  await vi.waitFor(() => expect(delivered).toHaveLength(1));
  expect(delivered[0]).toMatchObject({ functionName: 'settle-operation', event: { detail: { status: 'ABORTED' } } });
});

test('each entry is judged by itself', async () => {
  const { client, close } = await aBus();
  onTestFinished(close);
  const { Source: _source, ...sourceless } = anEvent('r-1');
  const { FailedEntryCount, Entries } = await client.send(
    new PutEventsCommand({
      Entries: [
        anEvent('r-1'),
        sourceless,
        anEvent('r-3', { Detail: '{' }),
        anEvent('r-4', { Detail: '[]' }),
        anEvent('r-5', { Source: 'aws.states' }),
        anEvent('r-6', { EventBusName: 'other' }),
      ],
    }),
  );
  expect([FailedEntryCount, Entries?.map(({ ErrorCode }) => ErrorCode)]).toEqual([
    5,
    [
      undefined,
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'ResourceNotFoundException',
    ],
  ]);
});

test('a call with too many or too large entries is refused whole', async () => {
  const { client, delivered, close } = await aBus();
  onTestFinished(close);
  const many = Array.from({ length: 11 }, (_, n) => anEvent(`r-${n}`));
  const large = anEvent('r-1', { Detail: JSON.stringify({ text: 'x'.repeat(262_144) }) });
  for (const Entries of [many, [large]]) {
    await expect(client.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({ name: 'ValidationException' });
  }
  expect(delivered).toEqual([]);
});

test('the command line sees the rules', async () => {
  const { client, close } = await aBus();
  onTestFinished(close);
  const { Rules } = await client.send(new ListRulesCommand({ EventBusName: 'tenantry' }));
  const rule = Rules?.find(({ Name }) => Name === 'intake-events');
  expect(JSON.parse(rule?.EventPattern ?? '')).toMatchObject({
    'detail-type': expect.arrayContaining(['tenant.onboarding.requested']),
  });
});
