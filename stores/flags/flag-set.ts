import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { type CompiledFlagSet, compileFlagSet } from '#core/flags/compile-flag-set.ts';
import { emptyFlagSet, type FlagSet } from '#core/flags/flag-set.ts';
import { keys } from '#core/keys.ts';
import { documents } from '#stores/aws/clients.ts';
import { getItem } from '#stores/aws/get-item.ts';

const unzip = promisify(gunzip);
const zip = promisify(gzip);
/** A DynamoDB item holds 400 KB, keys included. */
const maxContentBytes = 390_000;
/** The audit event of an import names them all and must fit into one event of the bus. */
const most = { flags: 2_000, evaluators: 500 } as const;

/** The version in force; 0 before the first flag. A small read that tells whether a cached set is still current. */
export const readFlagSetVersion = async (): Promise<number> =>
  ((await getItem(documents, 'flags', keys.flagSetVersion))?.['version'] as number | undefined) ?? 0;

/** The whole set at a version, never half of a change. */
export const readFlagSetAt = async (version: number): Promise<FlagSet> => {
  if (version === 0) return emptyFlagSet;
  const item = await getItem(documents, 'flags', keys.flagSet(version));
  if (!item) throw new AppError('not_found', `There is no version ${version} of the flag set.`);
  return JSON.parse((await unzip(item['content'] as Uint8Array)).toString('utf8')) as FlagSet;
};

/** One for the whole process: a version of the set never changes. */
let latest: CompiledFlagSet = compileFlagSet(emptyFlagSet);

/** The set in force, compiled: one small read, and a second only if the version has changed since the last call. */
export const readFlagSet = async (): Promise<CompiledFlagSet> => {
  const version = await readFlagSetVersion();
  if (version !== latest.set.version) {
    const compiled = compileFlagSet(await readFlagSetAt(version), latest);
    // A slow call may return an older set than the latest.
    if (version > latest.set.version) latest = compiled;
    return compiled;
  }
  return latest;
};

/**
 * Puts the next version of the set into force; the commit fails with `version_conflict` if another change came first.
 * Throws `too_large` for a set that does not fit into one item.
 */
export const flagSetWrites = async (next: FlagSet): Promise<Write[]> => {
  for (const kind of ['flags', 'evaluators'] as const) {
    if (Object.keys(next[kind]).length > most[kind]) {
      throw new AppError('too_large', `The set may hold at most ${most[kind]} ${kind}.`);
    }
  }
  const content = await zip(JSON.stringify(next));
  if (content.length > maxContentBytes) {
    throw new AppError('too_large', `The flag set would take ${content.length} bytes, of at most ${maxContentBytes}.`);
  }
  const read = next.version - 1;
  return [
    { kind: 'put', table: 'flags', item: { ...keys.flagSet(next.version), version: next.version, content } },
    {
      kind: 'put',
      table: 'flags',
      item: { ...keys.flagSetVersion, version: next.version },
      guard: {
        condition: read === 0 ? { absent: true } : { equals: { version: read } },
        otherwise: { code: 'version_conflict', message: 'The flag set changed since it was read. Read it again.' },
      },
    },
  ];
};
