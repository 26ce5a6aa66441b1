import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { Flip } from '#core/contract/model/flag-changes.ts';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { aFlag, shareOf } from '#test/builders.ts';
import { flagsOf, okay, registerTenants } from '#test/local/system/flags-fixture.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { type Random, report, seeded } from './seeded.ts';

const seed = 20261125;
const changes = 200;
const tenantCount = 100;
const tiers = ['starter', 'growth', 'enterprise'];
const regions = ['us-east-1', 'eu-west-1'];
/** A flag may need those before it, so that there is never a circle. */
const flagKeys = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
const evaluatorNames = ['big', 'european'];

let system: System;
let flags: ReturnType<typeof flagsOf>;
let tenantIds: string[];
beforeAll(async () => {
  system = await (await newSystem()).start();
  flags = flagsOf(system);
  const random = seeded(seed);
  const tenants = await registerTenants(system, tenantCount, () => ({
    tier: random.pick(tiers),
    region: random.pick(regions),
    metadata: { seats: random.int(100), regulated: random.chance(30) },
  }));
  tenantIds = tenants.map(({ tenantId }) => tenantId);
});
afterAll(() => system.remove());

const aCondition = (random: Random): Rule =>
  random.pick<Rule>([
    { '===': [{ var: 'tier' }, random.pick(tiers)] },
    { '===': [{ var: 'region' }, random.pick(regions)] },
    { '>': [{ var: 'metadata.seats' }, random.int(100)] },
    { var: 'metadata.regulated' },
    { $ref: random.pick(evaluatorNames) },
    { in: [{ var: 'tenantId' }, [random.pick(tenantIds), random.pick(tenantIds)]] },
  ]);

const aDefinition = (random: Random, key: string): FlagDefinition => {
  const before = flagKeys.slice(0, flagKeys.indexOf(key));
  return aFlag({
    state: random.chance(10) ? 'DISABLED' : 'ENABLED',
    defaultVariant: random.pick(['on', 'off', null]),
    targeting: random.pick<Rule>([
      shareOf(random.int(101)),
      { if: [aCondition(random), 'on', null] },
      { if: [aCondition(random), shareOf(random.int(101)), 'off'] },
    ]),
    ...(before.length > 0 &&
      random.chance(30) && { prerequisites: [{ flag: random.pick(before), variant: random.pick(['on', 'off']) }] }),
  });
};

const anEvaluatorRule = (random: Random): Rule =>
  random.pick<Rule>([
    { '>': [{ var: 'metadata.seats' }, random.int(100)] },
    { starts_with: [{ var: 'region' }, random.pick(['eu-', 'us-'])] },
  ]);

const asked = async (path: string, body: unknown) => {
  const { status, body: preview } = await system.call<{ count: number; flips: Flip[]; nextCursor?: string }>(path, {
    method: 'POST',
    body,
  });
  if (status !== 200) throw new Error(`A preview was answered ${status}: ${JSON.stringify(preview)}`);
  return preview;
};

/** Every flip of a preview, page by page. */
const flipsOf = async (path: string, body: unknown): Promise<Flip[]> => {
  const flips: Flip[] = [];
  let cursor: string | undefined;
  do {
    const page = await asked(`${path}?limit=200${cursor === undefined ? '' : `&cursor=${cursor}`}`, body);
    flips.push(...page.flips);
    cursor = page.nextCursor;
    if (cursor === undefined) expect(flips).toHaveLength(page.count);
  } while (cursor !== undefined);
  return flips;
};

const asText = ({ tenantId, flagKey, from, to }: Flip) =>
  `${tenantId} ${flagKey} ${JSON.stringify(from)} → ${JSON.stringify(to)}`;

it(`flips after ${changes} random changes are exactly those of their previews, once each`, async () => {
  const random = seeded(seed + 1);
  for (const name of evaluatorNames) {
    okay(await system.call(`/v1/evaluators/${name}`, { method: 'PUT', body: { rule: anEvaluatorRule(random) } }));
  }
  for (const key of flagKeys) okay(await flags.put(key, aDefinition(random, key)));
  /** Version of the set → what its preview said. */
  const promised = new Map<number, string[]>();
  let lastOperation = '';
  for (let change = 0; change < changes; change += 1) {
    if (random.chance(20)) {
      const key = random.pick(flagKeys);
      okay(await flags.override(key, random.pick(tenantIds), random.pick(['on', 'off'])));
    }
    const key = random.pick(flagKeys);
    const [path, body] = random.chance(15)
      ? [`/v1/evaluators/${random.pick(evaluatorNames)}`, { rule: anEvaluatorRule(random) }]
      : [`/v1/flags/${key}`, aDefinition(random, key)];
    const flips = await flipsOf(`${path}/preview`, body);
    const { operationId } = okay(await system.call<{ operationId?: string }>(path, { method: 'PUT', body }));
    if (operationId === undefined) {
      expect(flips).toEqual([]);
      continue;
    }
    const { details } = await flags.carried(operationId);
    expect(details?.['flips']).toBe(flips.length);
    promised.set(Number(details?.['flagSetVersion']), flips.map(asText).toSorted());
    lastOperation = operationId;
  }
  await flags.carried(lastOperation);
  const told = new Map<number, string[]>();
  for (const tenantId of tenantIds) {
    let cursor = '';
    do {
      const path = `/v1/tenants/${tenantId}/audit?action=flag.changed&limit=200${cursor && `&cursor=${cursor}`}`;
      const { body } = await system.call<{ items: AuditEvent[]; nextCursor?: string }>(path);
      for (const { target, before, after } of body.items) {
        const { flagSetVersion, ...to } = after as Flip['to'] & { flagSetVersion: number };
        const flip = { tenantId, slug: '', flagKey: target.id, from: before as Flip['from'], to };
        told.set(flagSetVersion, [...(told.get(flagSetVersion) ?? []), asText(flip)]);
      }
      cursor = body.nextCursor ?? '';
    } while (cursor);
  }
  let flips = 0;
  for (const [version, expected] of promised) {
    expect((told.get(version) ?? []).toSorted(), `version ${version}`).toEqual(expected);
    flips += expected.length;
  }
  expect(flips).toBeGreaterThan(changes);
  report('flag-previews', { seed, changes: promised.size, tenants: tenantCount, flips });
});

it('500 edits by ten writers at once are each audited or refused, and no version is left out', async () => {
  const key = 'contended';
  okay(await flags.put(key, aFlag()));
  let [made, refused] = [0, 0];
  /** Whoever is refused reads again and tries again, until it has made its edits. */
  const write = async (writer: number) => {
    for (let turn = 0; turn < 50; ) {
      const read = await system.call(`/v1/flags/${key}`);
      const definition = aFlag({ description: `writer ${writer}, turn ${turn}` });
      const { status, body } = await flags.put(key, definition, { ifMatch: read.headers.get('etag') ?? '' });
      if (status === 200) {
        made += 1;
        turn += 1;
      } else {
        expect({ status, body }).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
        refused += 1;
      }
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: 10 }, (_none, writer) => write(writer)));
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  expect(made).toBe(500);
  const versions: number[] = [];
  let cursor = '';
  do {
    const path = `/v1/flags/${key}/versions?limit=200${cursor && `&cursor=${cursor}`}`;
    const { body } = await system.call<{ items: { version: number }[]; nextCursor?: string }>(path);
    versions.push(...body.items.map(({ version }) => version));
    cursor = body.nextCursor ?? '';
  } while (cursor);
  expect(versions).toEqual(Array.from({ length: made + 1 }, (_none, index) => made + 1 - index));
  report('flag-edits', { edits: made, writers: 10, refused, seconds });
});
