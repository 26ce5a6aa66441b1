import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A flood, as a process of its own: asks for a URL so often a second, whether or not the answers come. Those of one
 * grain of time are sent at once: a grain of a millisecond makes a steady flood, one of a second a gush in each.
 * Prints how its requests were answered, as JSON.
 */
const [url = '', token = '', perSecond, seconds, grainMs] = process.argv.slice(2);
const grain = Number(grainMs);
const each = (Number(perSecond) * grain) / 1_000;
const agent = new Agent({ keepAlive: true, maxSockets: 20 });
const answers = { taken: 0, refused: 0, errors: 0 };

const ask = async () => {
  try {
    const asked = request(url, { agent, headers: { authorization: `Bearer ${token}` } }).end();
    const [response] = await once(asked, 'response');
    await once(response.resume(), 'end');
    answers[response.statusCode === 429 ? 'refused' : 'taken'] += 1;
  } catch {
    answers.errors += 1;
  }
};

const asked: Promise<void>[] = [];
const began = performance.now();
const grains = (Number(seconds) * 1_000) / grain;
for (let passed = 0; passed < grains; ) {
  const due = Math.min(grains, 1 + Math.floor((performance.now() - began) / grain));
  while (asked.length < due * each) asked.push(ask());
  passed = due;
  await delay(Math.max(0, began + passed * grain - performance.now()));
}
await Promise.all(asked);
agent.destroy();
process.stdout.write(JSON.stringify(answers));
