import { newSystem } from '#test/local/system/harness.ts';
import { Fire } from '#test/operations/fire.ts';

/** Bench of suspend and resume under fire: prints one JSON line. */
const cycles = 20;
const barMs = 5_000;

const system = await (await newSystem()).start();
try {
  const { tenant, operation } = (await system.onboard({ tier: 'growth' })).body;
  await system.untilOperation(operation.id, 'succeeded');
  const fire = await Fire.at(system, await system.tenant(tenant.tenantId));
  const refused: number[] = [];
  const served: number[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const { refusedMs, servedMs } = await fire.cycle();
    refused.push(Math.max(...Object.values(refusedMs)));
    served.push(Math.max(...Object.values(servedMs)));
  }
  const lost = Math.max(0, fire.written - (await fire.rows()));
  const worst = (times: number[]) => ({
    medianMs: times.toSorted((a, b) => a - b)[cycles / 2],
    mostMs: Math.max(...times),
  });
  const line = {
    bench: 'suspension',
    cycles,
    barMs,
    refused: worst(refused),
    served: worst(served),
    rows: fire.written,
    lost,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (lost > 0 || Math.max(...refused, ...served) > barMs) process.exitCode = 1;
} finally {
  await system.remove();
}
