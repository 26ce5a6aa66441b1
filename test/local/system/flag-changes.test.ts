import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuditVerification } from '#core/contract/api/audit-query.ts';
import type { Proposal } from '#core/contract/model/flag-changes.ts';
import type { FlagDefinition } from '#core/contract/model/flags.ts';
import { aFlag, shareOf } from '#test/builders.ts';
import { flagsOf, okay, registerTenants } from './flags-fixture.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
let flags: ReturnType<typeof flagsOf>;
let tenantIds: string[];
/** Above what one step of the workflow carries. */
const count = 210;
beforeAll(async () => {
  system = await (await newSystem()).start();
  flags = flagsOf(system);
  tenantIds = (await registerTenants(system, count)).map(({ tenantId }) => tenantId);
});
afterEach(() => system.clearFaults());
afterAll(() => system.remove());

const operationOf = async (answer: ReturnType<typeof flags.put>) => okay(await answer).operationId!;
/** On for every sixth tenant, on both steps; to the others it gives nothing, before and after. */
const chosen = () => tenantIds.filter((_id, index) => index % 6 === 0);
const forChosen = (changes: Partial<FlagDefinition> = {}) =>
  aFlag({ defaultVariant: null, targeting: { if: [{ in: [{ var: 'tenantId' }, chosen()] }, 'on', null] }, ...changes });
const eventsOf = async (key: string) =>
  (await Promise.all(tenantIds.map((id) => flags.told(id, key)))).map((told) => told.length);

describe('a change is carried to every tenant it touches', () => {
  it('exactly as its preview said, once each, with its own from and to', async () => {
    await flags.carried(await operationOf(flags.put('carried', aFlag({ state: 'DISABLED' }))));
    const next = aFlag({ targeting: shareOf(30) });
    const preview = okay(await flags.preview('carried', next));
    const operation = await flags.carried(await operationOf(flags.put('carried', next, { query: '?reason=pilot' })));
    expect(operation).toMatchObject({
      kind: 'propagate-flag-change',
      subject: { type: 'flagset', id: 'flagset' },
      details: { target: { type: 'flag', id: 'carried' }, flips: preview.count },
      progress: { done: count, total: count, unit: 'tenants' },
    });
    expect(await eventsOf('carried')).toEqual(tenantIds.map(() => 1));
    const told = await flags.told(tenantIds[0]!, 'carried');
    expect(told).toMatchObject([
      {
        action: 'flag.changed',
        before: { variant: null },
        reason: 'pilot',
        operationId: operation.id,
        actor: { id: 'local-platform-admin' },
      },
    ]);
    expect((await system.call<AuditVerification>(`/v1/tenants/${tenantIds[0]}/audit/verify`)).body).toMatchObject({
      valid: true,
    });
  });

  it.each([
    ['before its work', { kind: 'throw', error: 'PlannedError' }],
    ['after its work', { kind: 'throw-after', error: 'PlannedError' }],
    ['while it writes', { kind: 'aws', operation: 'TransactWriteItems', error: 'AccessDeniedException' }],
  ])('also when the run fails %s, taken up again within a minute', async (name, fault) => {
    const key = `resumed-${name.replaceAll(' ', '-')}`;
    await system.fault({ function: 'propagate-to-tenants', ...fault });
    const operationId = await operationOf(flags.put(key, forChosen()));
    await system.until('the run to fail', async () => {
      const { body } = await system.call<{ items: unknown[] }>('/_local/faults');
      return body.items.length === 0 ? true : { not: body.items };
    });
    await system.advance(61);
    expect(await flags.carried(operationId)).toMatchObject({
      progress: { done: count },
      details: { flips: chosen().length },
    });
    expect(await eventsOf(key)).toEqual(tenantIds.map((id) => (chosen().includes(id) ? 1 : 0)));
  });

  it('in the order of the changes, however quickly they come', async () => {
    const last = [];
    for (const state of ['ENABLED', 'DISABLED', 'ENABLED', 'DISABLED'] as const) {
      last.push(await operationOf(flags.put('quick', forChosen({ state }))));
    }
    await flags.carried(last.at(-1)!);
    const told = await flags.told(tenantIds[6]!, 'quick');
    expect(told.map(({ after }) => after?.['variant'])).toEqual(['on', null, 'on', null]);
  });
});

const guarded = aFlag({ metadata: { approval: 'required' } });
const decide = (proposalId: string, verb: 'approve' | 'reject', token?: string) =>
  system.call<Proposal & { code?: string }>(`/v1/proposals/${proposalId}/${verb}`, {
    method: 'POST',
    ...(token !== undefined && { token }),
  });
const proposed = async (definition: object) => {
  const { status, body } = await flags.put('guarded', definition, { query: '?reason=please' });
  expect(status).toBe(202);
  return body as unknown as Proposal;
};

describe('a flag that demands approval', () => {
  it('waits for another administrator, and then changes as proposed', async () => {
    await flags.put('guarded', guarded);
    const { proposalId } = await proposed({ ...guarded, defaultVariant: 'on' });
    expect((await system.call('/v1/flags/guarded')).body).toMatchObject({ version: 1, defaultVariant: 'off' });
    expect((await system.call('/v1/proposals?status=waiting')).body).toMatchObject({
      items: [{ proposalId, reason: 'please' }],
    });
    expect(await decide(proposalId, 'approve')).toMatchObject({ status: 409, body: { code: 'approval_required' } });
    const grace = await system.token('platform-admin', undefined, 'grace');
    expect(await decide(proposalId, 'approve', grace)).toMatchObject({
      status: 200,
      body: { status: 'approved', decidedBy: 'local-platform-admin-grace' },
    });
    expect((await system.call('/v1/flags/guarded')).body).toMatchObject({ version: 2, defaultVariant: 'on' });
    expect(await decide(proposalId, 'approve', grace)).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
    const { body } = await system.call<{ items: unknown[] }>('/v1/flags/guarded/audit');
    expect(body.items).toMatchObject([
      {
        action: 'flag.changed',
        actor: { id: 'local-platform-admin-grace' },
        after: { proposalId, proposedBy: 'local-platform-admin' },
        reason: 'please',
      },
      { action: 'flag.proposed', after: { proposalId } },
      { action: 'flag.changed' },
    ]);
  });

  it('is not changed by a proposal that is refused, or older than the flag', async () => {
    const grace = await system.token('platform-admin', undefined, 'grace');
    const refused = await proposed({ ...guarded, description: 'refused' });
    expect(await decide(refused.proposalId, 'reject', grace)).toMatchObject({
      status: 200,
      body: { status: 'rejected' },
    });
    const first = await proposed({ ...guarded, description: 'first' });
    const second = await proposed({ ...guarded, description: 'second' });
    expect((await decide(first.proposalId, 'approve', grace)).status).toBe(200);
    expect(await decide(second.proposalId, 'approve', grace)).toMatchObject({
      status: 409,
      body: { code: 'version_conflict' },
    });
    expect((await system.call('/v1/flags/guarded')).body).toMatchObject({ description: 'first' });
  });

  it('is killed at once all the same, and comes back by a proposal', async () => {
    expect(await system.call('/v1/flags/guarded/kill', { method: 'POST' })).toMatchObject({
      status: 200,
      body: { state: 'DISABLED' },
    });
    const back = await system.call('/v1/flags/guarded/revert', { method: 'POST', body: { version: 2 } });
    expect(back.status).toBe(202);
  });
});

describe('a scheduled change', () => {
  it('is made in its minute, by the schedule, step by step', async () => {
    const now = Date.parse(await system.time());
    const inMinutes = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
    const ramp = aFlag({
      targeting: shareOf(0),
      schedule: [
        { at: inMinutes(3), percent: 20 },
        { at: inMinutes(6), percent: 100 },
      ],
    });
    await flags.put('ramp', ramp);
    const version = (wanted: number) =>
      system.until(`version ${wanted} of the ramp`, async () => {
        const flag = (await system.call('/v1/flags/ramp')).body;
        return flag['version'] === wanted ? flag : { not: flag };
      });
    await system.advance(4 * 60);
    expect(await version(2)).toMatchObject({
      targeting: shareOf(20),
      schedule: [{ percent: 100 }],
      updatedBy: 'apply-flag-schedule',
    });
    await system.advance(3 * 60);
    expect(await version(3)).toMatchObject({ targeting: shareOf(100) });
    expect((await system.call('/v1/flags/ramp/audit?limit=1')).body).toMatchObject({
      items: [{ actor: { type: 'schedule', id: 'apply-flag-schedule' }, reason: 'scheduled' }],
    });
  });
});

it('many who change flags at once each find out whether they did, and no version is left out', async () => {
  await flags.put('contended', aFlag());
  const edit = async (writer: number, turn: number) => {
    const read = await system.call('/v1/flags/contended');
    return flags.put('contended', aFlag({ description: `writer ${writer}, turn ${turn}` }), {
      ifMatch: read.headers.get('etag')!,
    });
  };
  const statuses: number[] = [];
  await Promise.all(
    Array.from({ length: 5 }, async (_none, writer) => {
      for (let turn = 0; turn < 8; turn += 1) statuses.push((await edit(writer, turn)).status);
    }),
  );
  expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
  const made = statuses.filter((status) => status === 200).length;
  expect(made).toBeGreaterThan(0);
  const history = await system.call<{ items: { version: number }[] }>('/v1/flags/contended/versions?limit=200');
  expect(history.body.items.map(({ version }) => version)).toEqual(
    Array.from({ length: made + 1 }, (_none, index) => made + 1 - index),
  );
});

it('a change outlives a crash of everything, and is told once', async () => {
  const operationId = await operationOf(flags.put('crashed', aFlag()));
  await system.kill();
  await system.start();
  await system.advance(61);
  expect(await flags.carried(operationId)).toMatchObject({ progress: { done: count }, details: { flips: count } });
  expect(await eventsOf('crashed')).toEqual(tenantIds.map(() => 1));
});
