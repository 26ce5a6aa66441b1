import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '#core/change.ts';
import { AppError } from '#core/contract/errors.ts';
import { tableNames } from '#core/contract/names.ts';
import { type CompiledFlagSet, compileFlagSet } from '#core/flags/compile-flag-set.ts';
import { emptyFlagSet, type FlagSet } from '#core/flags/flag-set.ts';
import { keys } from '#core/keys.ts';
import { documents } from './clients.ts';

const unzip = promisify(gunzip);

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
