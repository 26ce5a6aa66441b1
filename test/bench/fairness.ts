import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { ask, paced } from './pace.ts';

/**
 * Bench of fairness: what one tenant's requests take while another floods the API far beyond its limit, steadily and,
 * for comparison, with a second's requests at once. Prints one JSON line. The floor is the steady flood against a bare
 * server, so that what the flood's generator takes of the machine is not counted as the product's.
 */
const rounds = 6;
const secondsEach = 4;
const victimPerSecond = 50;
const floodPerSecond = 1_000;
/** How much of the flood comes at once, in milliseconds of it. */
const grains = { steady: 1, gushing: 1_000 };

const script = (name: string) => join(import.meta.dirname, name);

interface Caller {
  tenant: Tenant;
  token: string;
}

const aTenant = async (system: System, tier: string): Promise<Caller> => {
  const { body } = await system.onboard({ tier });
  await system.untilOperation(body.operation.id);
  const { tenantId } = body.tenant;
  return { tenant: await system.tenant(tenantId), token: await system.token('tenant-admin', tenantId) };
};

/** A server that answers as a refusal does, and nothing else, as a process of its own like the product. */
const bareServer = async () => {
  const child = spawn(process.execPath, [script('bare-server.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(child.stdout, 'data');
  return { url: String(url), close: () => child.kill() };
};

/** The flood, from a process of its own; gives how its requests were answered. */
const flood = async (url: string, token: string, grainMs: number) => {
  const args = [url, token, floodPerSecond, secondsEach + 1, grainMs].map(String);
  const child = spawn(process.execPath, [script('flood.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  // It would run on a machine of its own: here it gives way to what is measured.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  return JSON.parse(await text(child.stdout)) as typeof noAnswers;
};
const noAnswers = { taken: 0, refused: 0, errors: 0 };

const agent = new Agent({ keepAlive: true });

/** What each request of the calm tenant takes, in milliseconds, with its answer read. */
const timed = (url: string, token: string) =>
  paced({ perSecond: victimPerSecond, seconds: secondsEach }, async () => {
    const began = performance.now();
    const status = await ask(url, token, agent);
    if (status !== 200) throw new Error(`The calm tenant was answered ${status}.`);
    return performance.now() - began;
  });

const round = (value: number) => Math.round(value * 100) / 100;

const spread = (times: readonly number[]) => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN);
  return { requests: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) };
};

const system = await (await newSystem()).start();
const bare = await bareServer();
try {
  const calm = await aTenant(system, 'growth');
  const flooding = await aTenant(system, 'starter');
  const urlOf = ({ tenant }: Caller) => `${system.url}/v1/tenants/${tenant.tenantId}`;
  await timed(urlOf(calm), calm.token);

  const beside = async (url: string, grainMs: number) => {
    const others = flood(url, flooding.token, grainMs);
    await delay(500);
    const times = await timed(urlOf(calm), calm.token);
    return { times, answers: await others };
  };
  const times = { alone: [] as number[], floor: [] as number[], steady: [] as number[], gushing: [] as number[] };
  const answers = { steady: { ...noAnswers }, gushing: { ...noAnswers } };
  for (let turn = 0; turn < rounds; turn += 1) {
    times.alone.push(...(await timed(urlOf(calm), calm.token)));
    times.floor.push(...(await beside(bare.url, grains.steady)).times);
    for (const kind of ['steady', 'gushing'] as const) {
      const measured = await beside(urlOf(flooding), grains[kind]);
      times[kind].push(...measured.times);
      for (const answer of ['taken', 'refused', 'errors'] as const) answers[kind][answer] += measured.answers[answer];
    }
  }
  const [alone, floor] = [spread(times.alone), spread(times.floor)];
  const besideFlood = (kind: 'steady' | 'gushing') => {
    const measured = spread(times[kind]);
    return {
      flood: answers[kind],
      ...measured,
      p99TimesAlone: round(measured.p99Ms / alone.p99Ms),
      p99TimesFloor: round(measured.p99Ms / floor.p99Ms),
    };
  };
  const line = {
    bench: 'fairness',
    calmPerSecond: victimPerSecond,
    floodPerSecond,
    limit: flooding.tenant.tier,
    alone,
    floor,
    steady: besideFlood('steady'),
    gushing: besideFlood('gushing'),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
} finally {
  agent.destroy();
  bare.close();
  await system.remove();
}
