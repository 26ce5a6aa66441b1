import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiClient } from '#core/contract/api/client.ts';
import { flagSetDocumentSchema } from '#core/contract/model/flags.ts';
import type { System } from './system.ts';

const file = join(import.meta.dirname, '../../examples/flagset.json');

/** Imports the example flag set into a new local run, as an operator would: through the API. Gives the flags' number. */
export const addInitialFlags = async ({ url, tokens }: System): Promise<number> => {
  const token = await tokens.issue({ role: 'platform-admin', minutes: 5 });
  const api = apiClient({ url, token, fetch });
  const { body, headers } = await api.call('getFlagSet', {});
  // Version 0: nobody has ever changed it, not even to empty it.
  if (headers.get('etag') !== '"0"') return Object.keys(body.flags).length;
  const document = flagSetDocumentSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  await api.call('putFlagSet', { body: document, headers: { 'If-Match': '"0"' } });
  return Object.keys(document.flags).length;
};
