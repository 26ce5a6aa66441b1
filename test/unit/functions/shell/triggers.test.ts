import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBStreamEvent, EventBridgeEvent, ScheduledEvent } from 'aws-lambda';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '#core/contract/api/errors.ts';
import { operationId, tenantId } from '#test/builders.ts';

vi.hoisted(() => vi.resetModules().stubEnv('POWERTOOLS_DEV', 'true'));
afterAll(() => void vi.unstubAllEnvs());
const { onEvent } = await import('#functions/shell/event.ts');
const { onSchedule } = await import('#functions/shell/schedule.ts');
const { onItemChanges } = await import('#functions/shell/stream.ts');
const { task } = await import('#functions/shell/task.ts');

let lines: object[];

beforeEach(() => {
  lines = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  }
});
afterEach(() => vi.restoreAllMocks());

const context = {} as Context;
const subject = { type: 'tenant', id: tenantId };
const input = { subject, operationId, requestId: 'request-1', attempt: 0 };
const busEvent: EventBridgeEvent<string, unknown> = {
  id: 'event-1',
  version: '0',
  account: '',
  time: '',
  region: '',
  resources: [],
  source: 'crm',
  'detail-type': 'tenant.onboarding.requested',
  detail: {},
};

describe('a task of a workflow', () => {
  test('fails with the name that the workflow retries or catches', async () => {
    const failing = task('provision', () => Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' })));
    await expect(failing(input, context)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    const refused = task('provision', () => Promise.reject(new AppError('no_capacity', 'full')));
    await expect(refused(input, context)).rejects.toMatchObject({ name: 'NoCapacity', message: 'full' });
  });

  test.for([undefined, null, {}, { ...input, subject: { type: 'tenant', id: 7 } }, { ...input, attempt: -1 }])(
    'refuses the input %j',
    async (faulty) => {
      const neverCalled = task('provision', () => expect.fail('was called'));
      await expect(neverCalled(faulty, context)).rejects.toMatchObject({ name: 'Internal' });
      expect(lines).toHaveLength(1);
    },
  );

  test('logs every line with the tenant, the operation and the request', async () => {
    await task('provision', async (_input, log) => log.info('claimed'))(input, context);
    await expect(task('provision', () => Promise.reject(new Error('down')))(input, context)).rejects.toThrow();
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatchObject({ tenantId, operationId, requestId: 'request-1', function: 'provision' });
  });

  test('shares no log keys with a concurrent one', async () => {
    const work = task('provision', async (_input, log) => {
      await Promise.resolve();
      log.info('claimed');
    });
    await Promise.all([work(input, context), work({ ...input, subject: { type: 'tenant', id: 'tn_other' } }, context)]);
    const claimed = lines.filter((line) => (line as { message: string }).message === 'claimed');
    expect(claimed).toMatchObject([{ tenantId }, { tenantId: 'tn_other' }]);
  });
});

describe('an event of the bus', () => {
  test('is delivered again when its function fails', async () => {
    await expect(
      onEvent('intake-events', () => Promise.reject(new Error('down')))(busEvent, context),
    ).rejects.toMatchObject({ name: 'Internal' });
    expect(lines).toMatchObject([{ requestId: 'event-1', function: 'intake-events' }]);
  });
});

describe('a schedule', () => {
  test('fails if its function fails', async () => {
    const event = { ...busEvent, 'detail-type': 'Scheduled Event' } as ScheduledEvent;
    await expect(
      onSchedule('reconcile', () => Promise.reject(new Error('down')))(event, context),
    ).rejects.toMatchObject({ name: 'Internal' });
    expect(lines).toMatchObject([{ function: 'reconcile' }]);
  });
});

const record = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', item: object, position: string) => ({
  eventID: position,
  eventName,
  dynamodb: { SequenceNumber: position, ...(eventName !== 'REMOVE' && { NewImage: marshall(item) }) },
});

const item = (sk: string) => ({ pk: 'TENANT#1', sk, seq: 1, tags: ['a'] });

describe('a table’s stream', () => {
  test('passes changes on in order, with their position in the stream', async () => {
    const seen = vi.fn(async () => undefined);
    const event = {
      Records: [
        record('INSERT', item('1'), '100'),
        record('MODIFY', item('HEAD'), '101'),
        record('REMOVE', item('1'), '102'),
        record('INSERT', item('2'), '103'),
      ],
    } as DynamoDBStreamEvent;
    await onItemChanges('publish-audit', seen)(event, context);
    expect(seen).toHaveBeenCalledWith(
      [
        { kind: 'INSERT', item: item('1'), position: '100' },
        { kind: 'MODIFY', item: item('HEAD'), position: '101' },
        { kind: 'REMOVE', position: '102' },
        { kind: 'INSERT', item: item('2'), position: '103' },
      ],
      expect.anything(),
    );
  });

  test('delivers the same records again when its function fails', async () => {
    const event = { Records: [] };
    await expect(
      onItemChanges('publish-audit', () => Promise.reject(new Error('down')))(event, context),
    ).rejects.toMatchObject({ name: 'Internal' });
  });
});
