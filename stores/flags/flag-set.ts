import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Key, Write } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { type CompiledFlagSet, compileFlagSet } from '#core/flags/compile-flag-set.ts';
import { emptyFlagSet, type FlagSet } from '#core/flags/flag-set.ts';
import { keys } from '#core/keys.ts';
import { documents } from '#stores/aws/clients.ts';

const unzip = promisify(gunzip);
const zip = promisify(gzip);
/** An item of DynamoDB holds 400 KB; its keys and the rest take little. */
const maxContentBytes = 390_000;
/** The event of an import names them all, and must fit into one event of the bus. */
const most = { flags: 2_000, evaluators: 500 } as const;

const getItem = async (Key: Key) =>
  (await documents.send(new GetCommand({ TableName: tableNames.flags, Key, ConsistentRead: true }))).Item;

/** The version in force; 0 before anyone defined a flag. A small read, for those who hold a set and ask if it still is. */
export const readFlagSetVersion = async (): Promise<number> =>
  ((await getItem(keys.flagSetVersion))?.['version'] as number | undefined) ?? 0;

/** The whole set as it was at a version: never half of a change. */
export const readFlagSetAt = async (version: number): Promise<FlagSet> => {
  if (version === 0) return emptyFlagSet;
  const item = await getItem(keys.flagSet(version));
  if (!item) throw new AppError('not_found', `There is no version ${version} of the flag set.`);
  return JSON.parse((await unzip(item['content'] as Uint8Array)).toString('utf8')) as FlagSet;
};

/** One for the whole process: sets never change, so that whoever comes next may use it. */
let latest: CompiledFlagSet = compileFlagSet(emptyFlagSet);

/** The set in force, compiled: one small read, and a second only when the version has changed since the last call. */
export const readFlagSet = async (): Promise<CompiledFlagSet> => {
  const version = await readFlagSetVersion();
  if (version !== latest.set.version) {
    const compiled = compileFlagSet(await readFlagSetAt(version), latest);
    // A slower call may come back with an older set than is held by now.
    if (version > latest.set.version) latest = compiled;
    return compiled;
  }
  return latest;
};

/**
 * Puts the next version of the set into force, if the one before still is: whoever decided on an older one gets
 * `version_conflict`. Throws `too_large` for a set that no longer fits into one item.
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
