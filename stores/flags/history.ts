import { AppError } from '#core/contract/api/errors.ts';
import { type AuditEvent, flagStream } from '#core/contract/events/catalogue.ts';
import type { FlagVersion } from '#core/contract/model/flag-changes.ts';
import type { FlagDefinition } from '#core/contract/model/flags.ts';
import { searchAudit } from '#stores/audit/audit-log.ts';
import type { Page } from '#stores/aws/pages.ts';

const versionOf = ({ after = {}, time, actor, reason }: AuditEvent): FlagVersion => {
  const { version, flagSetVersion: _set, proposalId: _proposal, proposedBy: _by, deleted, ...definition } = after;
  return {
    version: Number(version),
    ...(deleted !== true && { definition }),
    time,
    actor,
    ...(reason !== undefined && { reason }),
  };
};

/** The versions of a flag, newest first. Its audit stream contains every change in full and is its only history. */
export const listFlagVersions = async (
  flagKey: string,
  limit: number,
  cursor: string | undefined,
): Promise<Page<FlagVersion>> => {
  const { items, ...more } = await searchAudit(flagStream(flagKey), { action: 'flag.changed' }, limit, cursor);
  return { items: items.map(versionOf), ...more };
};

/** The definition of a flag at a version; `not_found` if it had none. */
export const definitionAt = async (flagKey: string, version: number): Promise<FlagDefinition> => {
  let cursor: string | undefined;
  do {
    const page = await listFlagVersions(flagKey, 100, cursor);
    const found = page.items.find((one) => one.version === version);
    if (found?.definition) return found.definition as FlagDefinition;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  throw new AppError('not_found', `The flag "${flagKey}" had no definition at version ${version}.`);
};
