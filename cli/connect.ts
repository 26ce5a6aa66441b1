import * as z from 'zod';
import { apiClient } from '#core/contract/api/client.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

const localUrl = 'http://127.0.0.1:8787';
const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

function checkedUrl(text: string) {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CommandError(exitCodes.usage, `TENANTRY_URL must be an http or https URL, not "${text}".`);
}

const codeOf = (error: unknown) =>
  z.object({ cause: z.object({ code: z.string() }) }).safeParse(error).data?.cause.code;

/** `fetch` with errors that say what to do if the API cannot be reached. */
const fetchFrom =
  (url: URL): typeof fetch =>
  (input, init) =>
    fetch(input, init).catch((cause: unknown) => {
      const reason = codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
      const advice = loopbackHosts.has(url.hostname)
        ? 'Run "npm start" to start the local run, or set TENANTRY_URL and TENANTRY_TOKEN.'
        : 'Check TENANTRY_URL.';
      throw new CommandError(exitCodes.failed, `Cannot reach ${url.origin} (${reason}). ${advice}`, { cause });
    });

/** A platform administrator's token, which the local run issues to anyone on this machine. */
async function localToken(url: URL, reach: typeof fetch): Promise<string> {
  const response = await reach(new URL('/_local/token', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'platform-admin' }),
  });
  if (response.ok) return z.object({ token: z.string() }).parse(await response.json()).token;
  throw new CommandError(
    exitCodes.notAuthorized,
    `${url.origin} is not a local run, so it issues no token. Set TENANTRY_TOKEN.`,
  );
}

/** A client for `TENANTRY_URL` with `TENANTRY_TOKEN`; without them, for the local run, as platform administrator. */
export async function connect(env: Readonly<Record<string, string | undefined>>) {
  const url = checkedUrl(env['TENANTRY_URL'] ?? localUrl);
  const reach = fetchFrom(url);
  const configured = env['TENANTRY_TOKEN'];
  if (!configured && !loopbackHosts.has(url.hostname)) {
    throw new CommandError(exitCodes.notAuthorized, `Set TENANTRY_TOKEN to a token for ${url.origin}.`);
  }
  const token = configured || (await localToken(url, reach));
  return apiClient({ url: url.href, token, userAgent: 'tenantry-cli', fetch: reach });
}
