import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEventOf, auditItem, chainEvents, hashOf } from '#core/audit/audit-chain.ts';
import type { Item } from '#core/change.ts';
import type { AuditVerification } from '#core/contract/api/audit-query.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
let table: DynamoDBDocumentClient;
beforeAll(async () => {
  system = await (await newSystem()).start();
  table = DynamoDBDocumentClient.from(new DynamoDBClient(system.aws));
});
afterAll(() => system.remove());

const TableName = 'tenantry-audit';

/** Reads are told of by Secrets Manager, when it comes to it. */
const isRead = ({ action }: AuditEvent) => action === 'secret.accessed';

const onboarded = async (fields: Record<string, unknown> = {}): Promise<string> => {
  const { tenant, operation } = (await system.onboard(fields)).body;
  await system.untilOperation(operation.id, 'succeeded');
  await system.until('the read of its secret to be told of', async () => {
    const events = await system.audited(tenant.tenantId);
    return events.some(isRead) ? true : { not: events };
  });
  return tenant.tenantId;
};

const verify = async (tenantId: string) =>
  (await system.call<AuditVerification>(`/v1/tenants/${tenantId}/audit/verify`)).body;

const rename = (tenantId: string, name: string) =>
  system.call(`/v1/tenants/${tenantId}`, { method: 'PATCH', body: { name } });

it.concurrent('tells an onboarding in its order, each event linked to the one before', async () => {
  const tenantId = await onboarded({ tier: 'growth', flags: { 'new-dashboard': 'on' } });
  const events = await system.audited(tenantId);
  const steps = events.filter((event) => !isRead(event));
  expect(steps.map(({ action, actor }) => `${actor.id}: ${action}`)).toEqual([
    'local-platform-admin: tenant.registered',
    'provision: tenant.placed',
    'provision: secret.created',
    'provision: tenant.provisioned',
    'seed-schema: tenant.schema.seeded',
    'load-flags: tenant.flags.loaded',
    'bind-access: user.invited',
    'health-check: health.checked',
    'activate: tenant.activated',
  ]);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  expect(events.slice(1).map(({ prevHash }) => prevHash)).toEqual(events.slice(0, -1).map(({ hash }) => hash));
  expect(new Set(steps.map(({ requestId }) => requestId)).size).toBe(1);
  expect(await verify(tenantId)).toEqual({ valid: true, events: events.length });
});

it.concurrent('holds together when many change a tenant at once', async () => {
  const tenantId = await onboarded();
  const before = (await system.audited(tenantId)).length;
  const answers = await Promise.all(Array.from({ length: 8 }, (_none, turn) => rename(tenantId, `Name ${turn}`)));
  for (const { status } of answers) expect([200, 409]).toContain(status);
  const changed = answers.filter(({ status }) => status === 200).length;
  expect(changed).toBeGreaterThan(0);
  expect(await verify(tenantId)).toEqual({ valid: true, events: before + changed });
});

describe('search', () => {
  let tenantId: string;
  let events: AuditEvent[];
  beforeAll(async () => {
    tenantId = await onboarded({ tier: 'growth' });
    await rename(tenantId, 'Zanzibar');
    events = await system.audited(tenantId);
  });

  const search = async (query: string, of = tenantId) =>
    (await system.call<{ items: AuditEvent[]; nextCursor?: string }>(`/v1/tenants/${of}/audit?${query}`)).body;

  it.each<[string, (event: AuditEvent) => boolean]>([
    ['actor=provision', ({ actor }) => actor.id === 'provision'],
    ['action=tenant.placed', ({ action }) => action === 'tenant.placed'],
    ['actor=provision&action=secret.created', ({ action }) => action === 'secret.created'],
    ['q=zanZIBAR', ({ action }) => action === 'tenant.updated'],
    ['q=zanzibar&actor=provision', () => false],
    ['actor=nobody', () => false],
  ])('by %s finds what matches, newest first', async (query, matches) => {
    expect(await search(query)).toEqual({ items: events.filter(matches).toReversed() });
  });

  it('by time takes both ends with it, in any zone', async () => {
    const [from = '', to = ''] = [events[2]?.time, events[5]?.time];
    const between = events.filter(({ time }) => from <= time && time <= to).toReversed();
    expect(between.length).toBeGreaterThanOrEqual(4);
    expect((await search(`from=${from}&to=${to}`)).items).toEqual(between);
    const inTokyo = `${new Date(Date.parse(from) + 9 * 3_600_000).toISOString().slice(0, -1)}+09:00`;
    expect((await search(`from=${encodeURIComponent(inTokyo)}&to=${to}`)).items).toEqual(between);
    expect((await search(`actor=provision&to=${to}`)).items.map(({ seq }) => seq)).toEqual([4, 3, 2]);
  });

  it.concurrent.each(['limit=3', 'limit=1&actor=provision', 'limit=1&action=tenant.updated', 'limit=2&q=tenant'])(
    'gives by %s every event once, also while others are written',
    async (query) => {
      const own = await onboarded();
      await rename(own, 'Second name');
      await rename(own, 'Third name');
      const whole = (await search(query.replace(/limit=\d/, 'limit=200'), own)).items;
      expect(whole.length).toBeGreaterThan(1);
      const pages: AuditEvent[] = [];
      let cursor: string | undefined;
      do {
        const page = await search(`${query}${cursor ? `&cursor=${cursor}` : ''}`, own);
        pages.push(...page.items);
        cursor = page.nextCursor;
        await rename(own, `Name after ${pages.length}`);
      } while (cursor);
      expect(pages).toEqual(whole);
    },
  );
});

/** The fields of a line of CSV, without their quotes. */
const fieldsOf = (line: string) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );

describe('export', () => {
  it.concurrent.each(['ndjson', 'csv'])(
    'as %s holds every event, oldest first, and is itself audited',
    async (format) => {
      const tenantId = await onboarded({ name: '=1+1, "quoted" & Ünicode' });
      const events = await system.audited(tenantId);
      const { body, headers } = await system.call<string>(`/v1/tenants/${tenantId}/audit/export?format=${format}`);
      expect(headers.get('x-next-cursor')).toBeNull();
      if (format === 'ndjson') {
        expect(
          body
            .trimEnd()
            .split('\n')
            .map((line): unknown => JSON.parse(line)),
        ).toEqual(events);
      } else {
        const [columns = [], ...rows] = body.trimEnd().split('\r\n').map(fieldsOf);
        const told = rows.map((row) => Object.fromEntries(row.map((field, index) => [columns[index], field])));
        expect(told).toEqual(
          events.map(({ seq, time, action, actor, hash, after }) =>
            expect.objectContaining({
              seq: String(seq),
              time,
              action,
              actorId: actor.id,
              after: after ? JSON.stringify(after) : '',
              hash,
            }),
          ),
        );
      }
      const exported = await system.audited(tenantId, 'action=audit.exported');
      expect(exported).toMatchObject([{ actor: { id: 'local-platform-admin' }, after: { format } }]);
      expect((await verify(tenantId)).valid).toBe(true);
    },
  );
});

/** Appends events to a stream's chain, at the table: to make so many by the API would take minutes. */
const append = async (tenantId: string, count: number) => {
  const last = (await stored(tenantId)).at(-1)!;
  const events = chainEvents(
    tenantId,
    last,
    { actor: { type: 'system', id: 'test' }, requestId: 'many', source: {} },
    Array.from({ length: count }, () => ({ action: 'health.checked', target: { type: 'tenant', id: tenantId } })),
    last.time,
  );
  for (let from = 0; from < count; from += 100) {
    const puts = events.slice(from, from + 100).map((event) => ({ Put: { TableName, Item: auditItem(event) } }));
    await table.send(new TransactWriteCommand({ TransactItems: puts }));
  }
  const { seq, hash, time } = events.at(-1)!;
  await put({ pk: `TENANT#${tenantId}`, sk: 'HEAD', seq, hash, time });
};

it.concurrent('exports more events than one answer holds, part by part, none left out and none twice', async () => {
  const tenantId = await onboarded();
  const before = (await system.audited(tenantId)).length;
  await append(tenantId, 5_100);
  const path = `/v1/tenants/${tenantId}/audit/export?format=csv`;
  const first = await system.call<string>(path);
  const cursor = first.headers.get('x-next-cursor');
  expect(cursor).toEqual(expect.any(String));
  const second = await system.call<string>(`${path}&cursor=${cursor}`);
  expect(second.headers.get('x-next-cursor')).toBeNull();
  const [columns = [], ...rows] = (first.body + second.body).trimEnd().split('\r\n').map(fieldsOf);
  const seqs = rows.map((row) => Number(row[columns.indexOf('seq')]));
  expect(seqs.slice(0, before + 5_100)).toEqual(Array.from({ length: before + 5_100 }, (_none, index) => index + 1));
  expect(await system.audited(tenantId, 'action=audit.exported')).toHaveLength(1);
  expect(await verify(tenantId)).toEqual({ valid: true, events: before + 5_101 });
});

const stored = async (tenantId: string) => {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND sk < :head',
      ExpressionAttributeValues: { ':pk': `TENANT#${tenantId}`, ':head': 'HEAD' },
    }),
  );
  return Items as (Item & AuditEvent)[];
};

const put = (item: Item) => table.send(new PutCommand({ TableName, Item: item }));
const remove = ({ pk, sk }: Item) => table.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
const set = ({ pk, sk }: { pk: string; sk: string }, field: string, value: unknown) =>
  table.send(
    new UpdateCommand({
      TableName,
      Key: { pk, sk },
      UpdateExpression: 'SET #field = :value',
      ExpressionAttributeNames: { '#field': field },
      ExpressionAttributeValues: { ':value': value },
    }),
  );

/** As one who knows how hashes are made would write it. */
const forged = (item: Item & AuditEvent, fields: Partial<AuditEvent>) => {
  const changed = { ...auditEventOf(item), ...fields };
  return auditItem({ ...changed, hash: hashOf(changed) });
};

type Items = (Item & AuditEvent)[];
const tampering: [string, (items: Items) => Promise<unknown>, { seq: number; kind: string }][] = [
  ['a field is changed', (items) => set(items[3]!, 'requestId', 'another'), { seq: 4, kind: 'changed' }],
  ['a field is added', (items) => set(items[3]!, 'reason', 'none'), { seq: 4, kind: 'changed' }],
  [
    'an event is hidden from the search by action',
    (items) => set(items[3]!, 'actionKey', 'x'),
    { seq: 4, kind: 'changed' },
  ],
  [
    'a field and the hash over it are changed',
    (items) => put(forged(items[3]!, { requestId: 'another' })),
    { seq: 5, kind: 'changed' },
  ],
  ['the first event is deleted', (items) => remove(items[0]!), { seq: 1, kind: 'missing' }],
  ['one in the middle is deleted', (items) => remove(items[4]!), { seq: 5, kind: 'missing' }],
  ['the last event is deleted', (items) => remove(items.at(-1)!), { seq: 10, kind: 'missing' }],
  [
    'two exchange their places',
    async ([, a, b]) => {
      await put({ ...b!, sk: a!.sk });
      await put({ ...a!, sk: b!.sk });
    },
    { seq: 2, kind: 'changed' },
  ],
  [
    'two exchange their times, with the hashes to match',
    async ([, a, , , b]) => {
      await Promise.all([remove(a!), remove(b!)]);
      await put(forged(a!, { time: b!.time }));
      await put(forged(b!, { time: a!.time }));
    },
    { seq: 2, kind: 'reordered' },
  ],
  [
    'an event is added at the end',
    (items) => {
      const last = items.at(-1)!;
      return put(forged(last, { seq: last.seq + 1, id: `${last.tenantId}:${last.seq + 1}`, prevHash: last.hash }));
    },
    { seq: 11, kind: 'head' },
  ],
  [
    'the head is changed',
    ([first]) => set({ pk: first!.pk, sk: 'HEAD' }, 'hash', 'f'.repeat(64)),
    { seq: 10, kind: 'head' },
  ],
];

it.concurrent.each(tampering)('verify names the first fault when in the table %s', async (_what, tamper, fault) => {
  const [tenantId, other] = await Promise.all([onboarded(), onboarded()]);
  const items = await stored(tenantId);
  expect(items).toHaveLength(10);
  await tamper(items);
  const found = await verify(tenantId);
  expect(found).toMatchObject({ valid: false, fault });
  expect(found.fault?.message).toMatch(/event \d+/);
  expect(await verify(other)).toMatchObject({ valid: true });
});

it.concurrent('archives every event as it is in the table', async () => {
  const tenantId = await onboarded();
  const events = await system.audited(tenantId);
  const archive = new S3Client(system.aws);
  const Bucket = 'tenantry-archive';
  const archived = await system.until<Map<string, AuditEvent>>('the events in the archive', async () => {
    const { Contents = [] } = await archive.send(new ListObjectsV2Command({ Bucket, Prefix: 'audit/' }));
    const found = new Map<string, AuditEvent>();
    for (const { Key = '' } of Contents) {
      expect(Key).toMatch(/^audit\/\d{4}\/\d\d\/\d\d\/[^/]+\.ndjson$/);
      const { Body } = await archive.send(new GetObjectCommand({ Bucket, Key }));
      for (const line of (await Body?.transformToString())?.trimEnd().split('\n') ?? []) {
        const event = JSON.parse(line) as AuditEvent;
        found.set(event.id, event);
      }
    }
    return events.every(({ id }) => found.has(id)) ? found : { not: found.size };
  });
  expect(events.map(({ id }) => archived.get(id))).toEqual(events);
});
