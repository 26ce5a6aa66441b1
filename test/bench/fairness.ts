import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Tenant } from '#core/contract/tenant.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';

/**
 * Bench of fairness: what one tenant's requests take while another floods the API far beyond its limit. Prints one JSON
 * line. The floor is the same flood against a bare server, so that what the flood's generator takes of the machine
 * is not counted as the product's.
 */
const rounds = 8;
const secondsEach = 4;
const victimPerSecond = 50;
const floodPerSecond = 1_000;
const floodConnections = 20;

const autocannon = fileURLToPath(import.meta.resolve('autocannon'));

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

/** A server that answers as a refusal does, and nothing else. */
const bareServer = async () => {
  const server = createServer((_request, response) => response.writeHead(429).end('{}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The bare server has no port.');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
};

/** The flood, from a process of its own; gives how its requests were answered. */
const flood = (url: string, token: string) => {
  const options = ['-c', floodConnections, '-R', floodPerSecond, '-d', secondsEach + 1, '--json', '-n'].map(String);
  const child = spawn(process.execPath, [autocannon, ...options, '-H', `authorization=Bearer ${token}`, url], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { child, answers: answersOf(child) };
};

const answersOf = async ({ stdout }: ChildProcess) => {
  let text = '';
  for await (const chunk of stdout ?? []) text += String(chunk);
  const { '2xx': taken, non2xx, errors } = JSON.parse(text) as Record<'2xx' | 'non2xx' | 'errors', number>;
  return { taken, refused: non2xx, errors };
};

const agent = new Agent({ keepAlive: true });

/** What one request takes, in milliseconds, with its answer read. */
const timed = async (url: string, token: string) => {
  const began = performance.now();
  const asked = request(url, { agent, headers: { authorization: `Bearer ${token}` } }).end();
  const [response] = await once(asked, 'response');
  await once(response.resume(), 'end');
  if (response.statusCode !== 200) throw new Error(`The calm tenant was answered ${response.statusCode}.`);
  return performance.now() - began;
};

/** Asks at even times, whether or not the answers come: who waits for them would ask less of what is slow. */
const paced = async (url: string, token: string) => {
  const answers: Promise<number>[] = [];
  const began = performance.now();
  for (let asked = 0; asked < victimPerSecond * secondsEach; asked += 1) {
    await delay(Math.max(0, began + (asked * 1_000) / victimPerSecond - performance.now()));
    answers.push(timed(url, token));
  }
  return Promise.all(answers);
};

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
  await paced(urlOf(calm), calm.token);

  const times = { alone: [] as number[], floor: [] as number[], flooded: [] as number[] };
  const flooded = { taken: 0, refused: 0, errors: 0 };
  const beside = async (url: string) => {
    const { child, answers } = flood(url, flooding.token);
    await delay(500);
    const measured = await paced(urlOf(calm), calm.token);
    await once(child, 'exit');
    return { measured, answers: await answers };
  };
  for (let turn = 0; turn < rounds; turn += 1) {
    times.alone.push(...(await paced(urlOf(calm), calm.token)));
    times.floor.push(...(await beside(bare.url)).measured);
    const { measured, answers } = await beside(urlOf(flooding));
    times.flooded.push(...measured);
    for (const answer of ['taken', 'refused', 'errors'] as const) flooded[answer] += answers[answer];
  }
  const [alone, floor, besideFlood] = [spread(times.alone), spread(times.floor), spread(times.flooded)];
  const line = {
    bench: 'fairness',
    calmPerSecond: victimPerSecond,
    flood: { perSecond: floodPerSecond, limit: flooding.tenant.tier, ...flooded },
    alone,
    floor,
    besideFlood,
    p99TimesAlone: round(besideFlood.p99Ms / alone.p99Ms),
    p99TimesFloor: round(besideFlood.p99Ms / floor.p99Ms),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
} finally {
  agent.destroy();
  bare.close();
  await system.remove();
}
