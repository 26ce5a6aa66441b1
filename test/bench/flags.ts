import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FlagDefinition } from '#core/contract/model/flags.ts';
import { aServedTenant, putFlags, type ServedTenant } from '#test/local/system/flag-fixture.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';
import { timesToClient, timeToKill } from './flag-changes.ts';
import { load } from './load.ts';

/**
 * Bench of serving flags: prints one JSON line. Throughput through the whole API (token, tenant, limits, copies as
 * Lambda makes them) beside flagd's engine behind a bare server, in turns, since the machine is never quite still; and
 * how soon a change is seen.
 */
const rounds = 9;
const secondsEach = 2;
/** The server needs nine seconds of load until its code is compiled; the floor, which needs less, gets as long. */
const warmUpSeconds = 10;
const changes = 60;
const polledChanges = 5;
const streams = 200;

const flagAt = (index: number): FlagDefinition => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  ...(index % 2 === 1 && { targeting: { if: [{ '===': [{ var: 'tier' }, 'growth'] }, 'on', 'off'] } }),
});
const flags = Object.fromEntries(Array.from({ length: 100 }, (_value, index) => [`flag-${index}`, flagAt(index)]));

const startFloor = async () => {
  const file = join(import.meta.dirname, 'flags-floor.ts');
  const floor = spawn(process.execPath, [file, JSON.stringify({ flags })], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(floor.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${String(port).trim()}`, stop: () => floor.kill() };
};

/** The limits of a tenant are no part of what is measured. */
const liftLimits = async (system: System, { tenantId }: ServedTenant) => {
  const body = { limits: { requestsPerSecond: 100_000, burst: 1_000_000 } };
  const { status } = await system.call(`/v1/tenants/${tenantId}`, { method: 'PATCH', body });
  if (status !== 200) throw new Error(`The limits were answered ${status}.`);
};

const round = (value: number) => Math.round(value * 100) / 100;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const percentile = (values: readonly number[], share: number) => {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
};

// The limit on all callers together is no part of what is measured either.
const system = await (await newSystem()).start(['--no-examples', '--no-console', '--throttle', '1000000']);
const floor = await startFloor();
try {
  const tenant = await aServedTenant(system, { tier: 'growth' });
  await liftLimits(system, tenant);
  await putFlags(system, flags);
  const body = JSON.stringify({ context: { targetingKey: 'user-1', tier: 'growth' } });
  const ask = (base: string, path: string, seconds = secondsEach) =>
    load({ url: `${base}/ofrep/v1/evaluate/flags${path}`, token: tenant.token, body, seconds });

  const throughput: Record<string, object> = {};
  for (const [name, path] of [
    ['single', '/flag-1'],
    ['bulk100', ''],
  ] as const) {
    for (const base of [floor.url, system.url]) await ask(base, path, warmUpSeconds);
    const found = { floor: [] as number[], served: [] as number[], p99Ms: [] as number[], ofFloor: [] as number[] };
    for (let turn = 0; turn < rounds; turn += 1) {
      const least = await ask(floor.url, path);
      const served = await ask(system.url, path);
      found.floor.push(least.perSecond);
      found.served.push(served.perSecond);
      found.p99Ms.push(served.p99Ms);
      found.ofFloor.push(served.perSecond / least.perSecond);
    }
    throughput[name] = {
      perSecond: Math.round(median(found.served)),
      p99Ms: median(found.p99Ms),
      floorPerSecond: Math.round(median(found.floor)),
      ofFloor: round(median(found.ofFloor)),
    };
  }

  const streamed = await timesToClient({ system, tenant, changes });
  const polled = await timesToClient({ system, tenant, changes: polledChanges, pollInterval: 500 });
  const killMs = Math.round(await timeToKill(system, tenant, streams));
  const changeToClient = {
    streamed: { changes, p50Ms: percentile(streamed, 0.5), p99Ms: percentile(streamed, 0.99) },
    polledEveryHalfSecond: { changes: polledChanges, mostMs: percentile(polled, 1) },
    killSwitch: { streams, ms: killMs },
  };
  process.stdout.write(`${JSON.stringify({ bench: 'flags', ...throughput, changeToClient })}\n`);
} finally {
  floor.stop();
  await system.remove();
}
