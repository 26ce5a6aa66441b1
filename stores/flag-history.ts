import { auditEventOf } from '#core/audit/audit-chain.ts';
import { AppError } from '#core/contract/errors.ts';
import { type AuditEvent, flagStream } from '#core/contract/events.ts';
import type { FlagVersion } from '#core/contract/flag-changes.ts';
import type { FlagDefinition } from '#core/contract/flags.ts';
import { indexNames, tableNames } from '#core/contract/names.ts';
import { keys } from '#core/keys.ts';
import { type Page, queryAll, queryPage } from './pages.ts';

/** The changes of a flag are told in full in its own audit stream: that is its history, and there is no other. */
const changesOf = (flagKey: string) => ({
  TableName: tableNames.audit,
  IndexName: indexNames.byAction,
  ScanIndexForward: false,
  KeyConditionExpression: 'actionKey = :actionKey',
  ExpressionAttributeValues: { ':actionKey': `${flagStream(flagKey)}#flag.changed` },
});

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

/** What a flag was, newest first. */
export const listFlagVersions = (
  flagKey: string,
  limit: number,
  cursor: string | undefined,
): Promise<Page<FlagVersion>> =>
  queryPage({
    query: changesOf(flagKey),
    limit,
    cursor,
    startKey: (sk) => ({
      pk: keys.auditHead(flagStream(flagKey)).pk,
      sk,
      actionKey: `${flagStream(flagKey)}#flag.changed`,
    }),
    positionOf: ({ sk }) => sk,
    match: (item) => versionOf(auditEventOf(item)),
  });

/** The definition that a flag had at a version; `not_found` where it had none. */
export const definitionAt = async (flagKey: string, version: number): Promise<FlagDefinition> => {
  for await (const item of queryAll(changesOf(flagKey))) {
    const found = versionOf(auditEventOf(item));
    if (found.version === version && found.definition) return found.definition as FlagDefinition;
    if (found.version <= version) break;
  }
  throw new AppError('not_found', `The flag "${flagKey}" had no definition at version ${version}.`);
};
