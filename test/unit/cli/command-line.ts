import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { main } from '#cli/main.ts';

/** Runs `tenantry …` against an API and gives what a shell would see. */
export async function tenantry(url: string, args: string, env: Record<string, string> = { TENANTRY_TOKEN: 'a-token' }) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const read = Promise.all([text(stdout), text(stderr)]);
  const words = args.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? [];
  const exitCode = await main(words, { env: { TENANTRY_URL: url, ...env }, stdout, stderr });
  stdout.end();
  stderr.end();
  const [out, err] = await read;
  return { exitCode, out, err, json: () => JSON.parse(out) as unknown };
}
