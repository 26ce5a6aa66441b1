import { once } from 'node:events';
import { type Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Asks for a URL and reads the answer; gives its status. */
export const ask = async (url: string, token: string, agent: Agent): Promise<number | undefined> => {
  const asked = request(url, { agent, headers: { authorization: `Bearer ${token}` } }).end();
  const [response] = await once(asked, 'response');
  await once(response.resume(), 'end');
  return response.statusCode;
};

interface Pace {
  perSecond: number;
  seconds: number;
  /** Those of one grain of time begin at once, in milliseconds; else each has its own. */
  grainMs?: number;
}

/** Begins `work` so often a second, whether or not what was begun has ended: who waits would ask less of what is slow. */
export const paced = async <T>(
  { perSecond, seconds, grainMs = 1_000 / perSecond }: Pace,
  work: () => Promise<T>,
): Promise<T[]> => {
  const begun: Promise<T>[] = [];
  const began = performance.now();
  const all = perSecond * seconds;
  while (begun.length < all) {
    const grains = 1 + Math.floor((performance.now() - began) / grainMs);
    while (begun.length < Math.min(all, Math.round((grains * grainMs * perSecond) / 1_000))) begun.push(work());
    await delay(Math.max(0, began + grains * grainMs - performance.now()));
  }
  return Promise.all(begun);
};
