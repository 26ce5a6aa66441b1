import { Agent } from 'node:http';
import { ask, paced } from './pace.ts';

/**
 * A flood, as a process of its own. A grain of a millisecond makes a steady one, a grain of a second a gush in each.
 * Prints how its requests were answered, as JSON.
 */
const [url = '', token = '', perSecond, seconds, grainMs] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 20 });
const answers = { taken: 0, refused: 0, errors: 0 };

await paced({ perSecond: Number(perSecond), seconds: Number(seconds), grainMs: Number(grainMs) }, async () => {
  try {
    answers[(await ask(url, token, agent)) === 429 ? 'refused' : 'taken'] += 1;
  } catch {
    answers.errors += 1;
  }
});
agent.destroy();
process.stdout.write(JSON.stringify(answers));
