import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlagSetDocument } from '#core/contract/model/flags.ts';
import { aFlag, shareOf } from '#test/builders.ts';
import { flagsOf, okay, registerTenants } from './flags-fixture.ts';
import { newSystem, type System } from './harness.ts';

let system: System;
let flags: ReturnType<typeof flagsOf>;
let tenantId: string;
let otherId: string;
beforeAll(async () => {
  system = await (await newSystem()).start();
  flags = flagsOf(system);
  const [one, other] = await registerTenants(system, 2, (index) => ({ tier: index === 0 ? 'growth' : 'starter' }));
  tenantId = one!.tenantId;
  otherId = other!.tenantId;
});
afterAll(() => system.remove());

const on = aFlag({ defaultVariant: 'on' });

describe('a definition', () => {
  it('is made, read, changed and deleted, each a version of its own', async () => {
    expect(await flags.put('life', aFlag())).toMatchObject({ status: 200, body: { key: 'life', version: 1 } });
    const read = await system.call('/v1/flags/life');
    expect(read.headers.get('etag')).toBe('"1"');
    expect(read.body).toMatchObject({ ...aFlag(), version: 1, updatedBy: 'local-platform-admin' });
    expect(await flags.put('life', on, { ifMatch: '"1"' })).toMatchObject({ body: { version: 2 } });
    expect(await system.call('/v1/flags/life', { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { version: 3 },
    });
    expect((await system.call('/v1/flags/life')).status).toBe(404);
    expect(await flags.put('life', aFlag())).toMatchObject({ body: { version: 4 } });
  });

  it('is only changed by whoever has read it last, if they say what they read', async () => {
    await flags.put('guarded', aFlag());
    expect(await flags.put('guarded', on, { ifMatch: '"7"' })).toMatchObject({
      status: 409,
      body: { code: 'version_conflict' },
    });
    expect(await flags.put('not-there', on, { ifMatch: '"1"' })).toMatchObject({ body: { code: 'version_conflict' } });
    const anew = await system.call('/v1/flags/guarded', { method: 'PUT', body: on, headers: { 'if-none-match': '*' } });
    expect(anew).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
  });

  it('that says what is there already changes nothing', async () => {
    await flags.put('same', aFlag());
    const again = await flags.put('same', aFlag());
    expect(again).toMatchObject({ status: 200, body: { version: 1 } });
    expect(again.body).not.toHaveProperty('operationId');
  });

  it('is listed, a page at a time', async () => {
    const first = await system.call<{ items: { key: string }[]; nextCursor: string }>('/v1/flags?limit=2');
    expect(first.body.items.map(({ key }) => key)).toEqual(['data-residency', 'guarded']);
    const second = await system.call<{ items: { key: string }[] }>(`/v1/flags?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.items[0]!.key > 'guarded').toBe(true);
    const stale = await system.call<{ items: { key: string }[] }>('/v1/flags?stale=true');
    expect(stale.body.items).toMatchObject([{ key: 'legacy-export', stale: { reason: 'expired' } }]);
  });

  it('tells, where asked, how many tenants it gives what', async () => {
    await flags.put('for-some', {
      ...aFlag(),
      targeting: { if: [{ '===': [{ var: 'tenantId' }, tenantId] }, 'on', null] },
    });
    const { body } = await system.call<{
      items: { key: string; served?: { variant: string | null; tenants: number }[] }[];
    }>('/v1/flags?usage=true&q=for-some');
    const served = body.items.find(({ key }) => key === 'for-some')?.served ?? [];
    expect(served.find(({ variant }) => variant === 'on')).toEqual({ variant: 'on', tenants: 1 });
    const plain = await system.call<{ items: object[] }>('/v1/flags?q=for-some');
    expect(plain.body.items[0]).not.toHaveProperty('served');
  });

  it('goes back to an earlier version in one call, as does the kill switch, also after a deletion', async () => {
    await flags.put('reverting', on, { query: '?reason=first' });
    await flags.put('reverting', aFlag());
    const revert = (version: number) =>
      system.call('/v1/flags/reverting/revert', { method: 'POST', body: { version } });
    expect(await revert(1)).toMatchObject({ status: 200, body: { ...on, version: 3 } });
    expect(await system.call('/v1/flags/reverting/kill', { method: 'POST' })).toMatchObject({
      body: { state: 'DISABLED', version: 4 },
    });
    expect(await flags.given(tenantId, 'reverting')).toEqual({
      key: 'reverting',
      reason: 'DISABLED',
      metadata: {},
      overridden: false,
    });
    await system.call('/v1/flags/reverting', { method: 'DELETE' });
    expect(await revert(3)).toMatchObject({ status: 200, body: { ...on, version: 6 } });
    expect(await revert(5)).toMatchObject({ status: 404 });
    expect(await revert(99)).toMatchObject({ status: 404 });
    const history = await system.call<{ items: { version: number; reason?: string }[] }>(
      '/v1/flags/reverting/versions',
    );
    expect(history.body.items.map(({ version }) => version)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(history.body.items.at(-1)).toMatchObject({
      reason: 'first',
      definition: on,
      actor: { id: 'local-platform-admin' },
    });
    expect(history.body.items[1]).not.toHaveProperty('definition');
    expect((await system.call('/v1/flags/reverting/audit/verify')).body).toEqual({ valid: true, events: 6 });
  });

  const faulty: [string, unknown, string | undefined][] = [
    [
      'an operator nobody knows',
      aFlag({ targeting: { if: [{ matches: ['(a+)+$', 'a'.repeat(40)] }, 'on'] } }),
      '/targeting/if/0',
    ],
    [
      '200 levels',
      aFlag({ targeting: JSON.parse(`${'{"!":['.repeat(200)}true${']}'.repeat(200)}`) as Record<string, unknown> }),
      '',
    ],
    [
      'an inherited name',
      `{"state":"ENABLED","variants":{"on":true},"targeting":{"__proto__":{"tier":"x"}}}`,
      '/targeting/__proto__',
    ],
    ['no variants', { state: 'ENABLED' }, '/variants'],
    ['an unknown field', { ...aFlag(), rollout: 10 }, '/rollout'],
    [
      'a prerequisite that leads back',
      aFlag({ prerequisites: [{ flag: 'faulty', variant: 'on' }] }),
      '/prerequisites/0',
    ],
    ['a reference in a circle', aFlag({ targeting: { if: [{ $ref: 'nowhere' }, 'on', null] } }), '/targeting'],
  ];
  it.each(faulty)('with %s is refused, the fault at its place', async (_, definition, path) => {
    const { status, body } = await flags.put('faulty', definition);
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
  });

  it('of a megabyte is refused, as are keys that are none', async () => {
    const huge = aFlag({
      description: 'x',
      targeting: {
        or: Array.from({ length: 20_000 }, (_none, index) => ({
          '==': [{ var: 'tenantId' }, `tenant number ${index}`],
        })),
      },
    });
    expect(await flags.put('huge', huge)).toMatchObject({ status: 413 });
    for (const key of ['constructor', '__proto__', '-x', 'x'.repeat(65), 'a%2Fb']) {
      expect((await flags.put(key, aFlag())).status, key).toBe(400);
    }
  });
});

describe('an override', () => {
  it('decides for its tenant alone, says why, and is audited there', async () => {
    await flags.put('fixed', aFlag());
    expect(await flags.override('fixed', tenantId, 'on', 'pilot')).toMatchObject({
      status: 200,
      body: { variant: 'on' },
    });
    expect(await flags.given(tenantId, 'fixed')).toMatchObject({ value: true, overridden: true });
    expect(await flags.given(otherId, 'fixed')).toMatchObject({ value: false, overridden: false });
    expect((await system.call('/v1/flags/fixed/tenants')).body).toMatchObject({
      items: [{ tenantId, reason: 'pilot' }],
    });
    const removed = await system.call(`/v1/flags/fixed/tenants/${tenantId}?reason=over`, { method: 'DELETE' });
    expect(removed.status).toBe(200);
    expect(await flags.given(tenantId, 'fixed')).toMatchObject({ value: false, overridden: false });
    expect(await system.audited(tenantId, 'action=flag.override.changed')).toMatchObject([
      { target: { type: 'flag', id: 'fixed' }, after: { variant: 'on' }, reason: 'pilot' },
      { before: { variant: 'on' }, reason: 'over' },
    ]);
  });

  it('needs a flag, a variant and a tenant that are there', async () => {
    await flags.put('needs', aFlag());
    expect((await flags.override('needs', tenantId, 'maybe')).status).toBe(400);
    expect((await flags.override('nobody-knows', tenantId, 'on')).status).toBe(404);
    expect((await flags.override('needs', 'no-such-tenant', 'on')).status).toBe(404);
    expect((await system.call(`/v1/flags/needs/tenants/${tenantId}`, { method: 'DELETE' })).status).toBe(404);
  });

  it('keeps its variant and its flag from being taken away', async () => {
    await flags.put('held', aFlag());
    await flags.override('held', tenantId, 'on');
    const without = { ...aFlag(), variants: { off: false } };
    expect(await flags.put('held', without)).toMatchObject({ status: 409, body: { code: 'in_use' } });
    expect(await system.call('/v1/flags/held', { method: 'DELETE' })).toMatchObject({ body: { code: 'in_use' } });
  });
});

describe('shared rules', () => {
  it('change every flag that refers to them, and stay while one does', async () => {
    const put = (rule: object) => system.call('/v1/evaluators/chosen', { method: 'PUT', body: { rule } });
    expect(await put({ '===': [{ var: 'tier' }, 'growth'] })).toMatchObject({ status: 200, body: { version: 1 } });
    await flags.put('chosen-only', aFlag({ targeting: { if: [{ $ref: 'chosen' }, 'on', null] } }));
    expect(await flags.given(tenantId, 'chosen-only')).toMatchObject({ value: true });
    const starter = { '===': [{ var: 'tier' }, 'starter'] };
    const preview = await system.call<{ count: number }>('/v1/evaluators/chosen/preview', {
      method: 'POST',
      body: { rule: starter },
    });
    expect(preview.body.count).toBe(2);
    const changed = okay(await put(starter)) as { operationId: string };
    expect(await flags.carried(changed.operationId)).toMatchObject({
      details: { target: { type: 'evaluator', id: 'chosen' }, flips: 2 },
    });
    expect(await flags.given(tenantId, 'chosen-only')).toMatchObject({ value: false });
    expect(await flags.told(otherId, 'chosen-only')).toMatchObject([
      {},
      { before: { variant: 'off' }, after: { variant: 'on' } },
    ]);
    expect(await system.call('/v1/evaluators/chosen', { method: 'DELETE' })).toMatchObject({
      status: 409,
      body: { code: 'in_use' },
    });
    expect(await put({ $ref: 'chosen' })).toMatchObject({ status: 400 });
    expect((await system.call('/v1/evaluators')).body).toMatchObject({
      items: [{ name: 'chosen', version: 2 }, { name: 'paying' }, { name: 'regulated' }],
    });
  });
});

const exported = async () => (await system.call<FlagSetDocument>('/v1/flagset')).body;
const importing = (document: unknown, query = '') =>
  system.call<{
    version: number;
    operationId?: string;
    flags: { created: string[]; changed: string[]; deleted: string[] };
    preview?: { count: number };
  }>(`/v1/flagset${query}`, { method: 'PUT', body: document });

describe('the set as a whole', () => {
  it('is exported as flagd takes it, and its import changes nothing', async () => {
    const document = await exported();
    expect(document.metadata).toMatchObject({ bucketing: 'v2' });
    expect(Object.keys(document.flags)).toContain('max-agents');
    const again = okay(await importing(document));
    expect(again).toMatchObject({ flags: { created: [], changed: [], deleted: [] } });
    expect(again).not.toHaveProperty('operationId');
  });

  it('is replaced as one change, tried dry first, with a hundred flags and more', async () => {
    const document = await exported();
    const many = Object.fromEntries(Array.from({ length: 120 }, (_none, index) => [`many-${index}`, aFlag()]));
    const { ticket: _none, ...kept } = document.flags as Record<string, unknown>;
    const next = { ...document, flags: { ...kept, ...many, same: on } };
    const dry = okay(await importing(next, '?dryRun=true&limit=1'));
    expect(dry).toMatchObject({ flags: { changed: ['same'], deleted: [] }, preview: { count: 2 * 121 } });
    expect(dry.flags.created).toHaveLength(120);
    expect((await system.call('/v1/flags/many-0')).status).toBe(404);
    const done = okay(await importing(next, '?reason=migration'));
    expect(done.version).toBe(dry.version + 1);
    expect(await flags.carried(done.operationId!)).toMatchObject({
      progress: { done: 2 },
      details: { flips: 2 * 121 },
    });
    expect((await system.call('/v1/flags/many-7/versions')).body).toMatchObject({
      items: [{ version: 1, reason: 'migration' }],
    });
    expect(await flags.told(tenantId, 'many-119')).toMatchObject([
      { before: { variant: null }, after: { variant: 'off' } },
    ]);
    expect((await system.call('/v1/flagset/audit?action=flagset.imported&limit=1')).body).toMatchObject({
      items: [{ target: { type: 'flagset' }, after: { flagSetVersion: done.version }, reason: 'migration' }],
    });
    expect((await system.call('/v1/flagset/audit/verify')).body).toMatchObject({ valid: true });
    const before = await system.call<FlagSetDocument>(`/v1/flagset?version=${dry.version}`);
    expect(before.body.flags).not.toHaveProperty('many-0');
  });

  it('is refused whole for one fault, told at its place', async () => {
    const document = await exported();
    const bad = { ...document, flags: { ...document.flags, fine: aFlag(), bad: aFlag({ defaultVariant: 'maybe' }) } };
    expect(await importing(bad)).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/flags/bad/defaultVariant' }] },
    });
    expect((await system.call('/v1/flags/fine')).status).toBe(404);
  });

  it('does not change a flag that demands approval', async () => {
    const document = await exported();
    const next = { ...document, flags: { ...document.flags, 'data-residency': aFlag() } };
    expect(await importing(next)).toMatchObject({
      status: 409,
      body: { code: 'approval_required', errors: [{ path: '/flags/data-residency' }] },
    });
  });
});

describe('who may do what', () => {
  it('a tenant sees its own flags, and learns nothing of another’s', async () => {
    await flags.put('seen', aFlag({ targeting: shareOf(100) }));
    const token = await system.token('tenant-member', tenantId);
    expect(await flags.given(tenantId, 'seen', token)).toMatchObject({ value: true });
    const other = await system.call(`/v1/tenants/${otherId}/flags`, { token });
    const nobody = await system.call('/v1/tenants/tn_01jdaa0000000000000000000z/flags', { token });
    expect(other.status).toBe(404);
    expect({ ...other.body, detail: '', instance: '' }).toEqual({ ...nobody.body, detail: '', instance: '' });
    for (const path of ['/v1/flags', '/v1/flags/seen', '/v1/flagset', '/v1/proposals', '/v1/flags/seen/tenants']) {
      expect((await system.call(path, { token })).status, path).toBe(403);
    }
  });

  it('the auditor of the platform reads and previews, and changes nothing', async () => {
    const token = await system.token('platform-auditor');
    expect((await system.call('/v1/flags/seen', { token })).status).toBe(200);
    expect((await system.call('/v1/flags/seen/preview', { method: 'POST', body: on, token })).status).toBe(200);
    expect((await flags.put('seen', on, { token })).status).toBe(403);
    expect((await system.call('/v1/flags/seen/kill', { method: 'POST', token })).status).toBe(403);
  });
});

describe('onboarding', () => {
  it('writes the flags asked for and records what every flag gives the tenant', async () => {
    const { body } = await system.onboard({ flags: { 'new-dashboard': 'on' } });
    const operation = await system.untilOperation(body.operation.id);
    expect(operation.steps.find(({ name }) => name === 'load-flags')?.result).toMatchObject({
      variants: { 'new-dashboard': 'on', 'max-agents': 'few' },
    });
    expect(await flags.given(body.tenant.tenantId, 'new-dashboard')).toMatchObject({ value: true, overridden: true });
  });

  it('keeps what is asked for of a flag that is not defined yet, until it is', async () => {
    const { body } = await system.onboard({ flags: { 'to-come': 'on' } });
    const operation = await system.untilOperation(body.operation.id, 'succeeded');
    expect(operation.steps.find(({ name }) => name === 'load-flags')?.result).toMatchObject({ waiting: ['to-come'] });
    expect((await system.inventory()).overrides).toContain(`${body.tenant.tenantId}/to-come`);
    expect((await flags.put('to-come', aFlag({ defaultVariant: 'off' }))).status).toBe(200);
    expect(await flags.given(body.tenant.tenantId, 'to-come')).toMatchObject({ value: true, overridden: true });
  });

  it('fails by name for a variant that is not defined, and leaves nothing', async () => {
    const { body } = await system.onboard({ flags: { 'new-dashboard': 'maybe' } });
    const operation = await system.untilOperation(body.operation.id);
    expect(operation).toMatchObject({
      status: 'rolled-back',
      failure: {
        step: 'load-flags',
        code: 'flag_not_defined',
        message: 'The flag "new-dashboard" has no variant "maybe".',
      },
    });
    expect(await system.tracesOf(body.tenant.tenantId)).toEqual([]);
  });
});
