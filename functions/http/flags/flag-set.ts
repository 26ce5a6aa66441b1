import { AppError } from '#core/contract/api/errors.ts';
import { flagSetStream } from '#core/contract/events/catalogue.ts';
import type { FlagSetDocument } from '#core/contract/model/flags.ts';
import { changedNames } from '#core/flags/change-flag-set.ts';
import { documentOf, type FlagSet } from '#core/flags/flag-set.ts';
import { patchFlagSet, patchToward, type SetPatch } from '#core/flags/patch-flag-set.ts';
import { verifyStream } from '#functions/audit/verify-stream.ts';
import { deps } from '#functions/deps.ts';
import { assertMayChange, changeFlagSet } from '#functions/flags/change-flag-set.ts';
import { previewChange } from '#functions/flags/preview-change.ts';
import { entityTag, versionMatching } from '#functions/http/preconditions.ts';
import type { Operations } from '#functions/shell/http.ts';
import { searchAudit } from '#stores/audit/audit-log.ts';
import { readFlagSet, readFlagSetAt } from '#stores/flags/flag-set.ts';

const subject = { type: 'flagset', name: 'flagset' } as const;

/** The patch an import makes; the set's own metadata never comes from the document. */
const toward = (set: FlagSet, { flags, $evaluators = {}, metadata }: FlagSetDocument): SetPatch => {
  const { version: _version, bucketing: _bucketing, ...others } = metadata ?? set.metadata;
  return { ...patchToward(set, flags, $evaluators), metadata: others };
};

export const flagSet = {
  getFlagSet: async ({ query: { version } }) => {
    const { set: latest } = await readFlagSet();
    if (version !== undefined && version > latest.version) {
      throw new AppError('invalid_request', `The flag set is at version ${latest.version}.`, {
        errors: [{ path: '/version', message: `must be at most ${latest.version}` }],
      });
    }
    const set = version === undefined ? latest : await readFlagSetAt(version);
    return { body: documentOf(set), headers: { etag: entityTag(set) } };
  },

  putFlagSet: async ({ query: { dryRun, reason, ...page }, body, headers, cause }) => {
    if (dryRun) {
      const before = await readFlagSet();
      const set = versionMatching(headers, before.set);
      const patched = patchFlagSet(set, toward(set, body), { now: deps.now(), by: cause.actor.id });
      if (patched) await assertMayChange(set, patched, subject);
      const preview = patched ? await previewChange(before, patched, page) : { count: 0, tenants: 0, flips: [] };
      const names = changedNames(patched ?? { flags: [], evaluators: [] });
      return { body: { version: set.version, ...names, preview }, headers: { etag: entityTag(set) } };
    }
    const decide = (set: FlagSet) => toward(versionMatching(headers, set), body);
    const outcome = await changeFlagSet({ subject, cause, reason, decide, approval: 'required' });
    if (outcome.kind === 'needs-approval') throw approvalRequired(outcome.flags);
    const { set } = outcome;
    const changed = outcome.kind === 'changed' ? outcome : undefined;
    const names = changedNames(changed?.patched ?? { flags: [], evaluators: [] });
    const operationRef = changed ? { operationId: changed.operationId } : {};
    return { body: { version: set.version, ...names, ...operationRef }, headers: { etag: entityTag(set) } };
  },

  listFlagSetAudit: async ({ query: { limit, cursor, ...filter } }) => ({
    body: await searchAudit(flagSetStream, filter, limit, cursor),
  }),

  verifyFlagSetAudit: async () => ({ body: await verifyStream(flagSetStream) }),
} satisfies Operations;

const approvalRequired = (flags: readonly string[]) =>
  new AppError('approval_required', `These flags require approval; change them one by one: ${flags.join(', ')}.`, {
    errors: flags.map((key) => ({ path: `/flags/${key}`, message: 'requires the approval of a second administrator' })),
  });
