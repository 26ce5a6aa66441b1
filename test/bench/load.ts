import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const autocannon = fileURLToPath(import.meta.resolve('autocannon'));

interface Load {
  url: string;
  token: string;
  body: string;
  seconds: number;
}

const connections = 16;

/** Posts as fast as answers come, from a process of its own, over connections that are kept. */
export const load = async ({ url, token, body, seconds }: Load) => {
  const headers = ['-H', `authorization=Bearer ${token}`, '-H', 'content-type=application/json'];
  const options = ['-j', '-n', '-c', `${connections}`, '-d', `${seconds}`, '-m', 'POST', ...headers, '-b', body, url];
  const child = spawn(process.execPath, [autocannon, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const { requests, latency, non2xx, errors } = JSON.parse(text) as {
    requests: { average: number };
    latency: { p50: number; p99: number };
    non2xx: number;
    errors: number;
  };
  if (non2xx + errors > 0) throw new Error(`${non2xx + errors} answers of ${url} were not the ordinary ones.`);
  return { perSecond: requests.average, p99Ms: latency.p99 };
};
