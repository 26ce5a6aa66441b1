import { flagStream } from '#core/contract/events/catalogue.ts';
import { type Flag, type FlagDefinition, flagKeySchema } from '#core/contract/model/flags.ts';
import type { CompiledFlagSet } from '#core/flags/compile-flag-set.ts';
import { definitionOf, entryOf, type FlagRecord, type FlagSet } from '#core/flags/flag-set.ts';
import { patchFlagSet } from '#core/flags/patch-flag-set.ts';
import { stalenessOf } from '#core/flags/staleness.ts';
import { verifyStream } from '#functions/audit/verify-stream.ts';
import { deps } from '#functions/deps.ts';
import { assertMayChange, type ChangeRequest } from '#functions/flags/change-flag-set.ts';
import { countVariants } from '#functions/flags/count-variants.ts';
import { previewChange } from '#functions/flags/preview-change.ts';
import { type AppliedChange, type ChangeResult, changeAtOnce, changeOrPropose } from '#functions/flags/propose.ts';
import { staleFlags } from '#functions/flags/stale-flags.ts';
import { assertMayPut, entityTag, versionMatching } from '#functions/http/preconditions.ts';
import type { Call, Operations } from '#functions/shell/http.ts';
import { searchAudit } from '#stores/audit/audit-log.ts';
import { pageOfSorted } from '#stores/aws/pages.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { definitionAt, listFlagVersions } from '#stores/flags/history.ts';
import { flagIn } from './flag-in.ts';
import { newName } from './new-name.ts';

type Change = Call<'putFlag' | 'deleteFlag' | 'killFlag' | 'revertFlag'>;

const publicFlag = (key: string, flag: FlagRecord): Flag => ({ key, ...flag });

const requestOf = (
  { params, cause, query }: Pick<Change, 'params' | 'cause' | 'query'>,
  decide: (set: FlagSet, key: string) => FlagDefinition | null,
): Omit<ChangeRequest, 'approval'> => {
  const key = params['key'] ?? '';
  return {
    subject: { type: 'flag', name: key },
    cause,
    reason: query.reason,
    decide: (set) => ({ flags: { [key]: decide(set, key) } }),
  };
};

/** The changed flag and the operation that propagates it, or the proposal that awaits approval. */
const resultReply = (key: string, result: ChangeResult) =>
  'proposal' in result ? { status: 202 as const, body: result.proposal } : appliedReply(key, result);

const appliedReply = (key: string, { set, operationRef }: AppliedChange) => {
  const flag = flagIn(set, key);
  return { body: { ...publicFlag(key, flag), ...operationRef }, headers: { etag: entityTag(flag) } };
};

/** The flags with their variants by number of tenants, most first, and why they are stale if they are. */
const withUsage = async (compiled: CompiledFlagSet, flags: readonly Flag[]) => {
  const counts = await countVariants(
    compiled,
    flags.map(({ key }) => key),
  );
  return flags.map((flag) => {
    const served = [...(counts.get(flag.key) ?? [])].map(([variant, tenants]) => ({ variant, tenants }));
    const stale = stalenessOf(
      flag,
      deps.now(),
      served.map(({ variant }) => variant),
    );
    return { ...flag, served: served.toSorted((a, b) => b.tenants - a.tenants), ...(stale && { stale }) };
  });
};

export const definitions = {
  listFlags: async ({ query: { stale, usage, q, limit, cursor } }) => {
    const compiled = await readFlagSet();
    const { set } = compiled;
    const reasons = stale === undefined ? undefined : await staleFlags(compiled, deps.now());
    const flags = Object.entries(set.flags)
      .map(([key, flag]) => ({ ...publicFlag(key, flag), ...(reasons?.has(key) && { stale: reasons.get(key) }) }))
      .filter((flag) => stale === undefined || (flag.stale !== undefined) === stale)
      .filter((flag) => q === undefined || JSON.stringify(flag).toLowerCase().includes(q.toLowerCase()))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const page = pageOfSorted(flags, { list: ['flags'], limit, cursor, positionOf: ({ key }) => key });
    return { body: usage ? { ...page, items: await withUsage(compiled, page.items) } : page };
  },

  getFlag: async ({ params }) => {
    const key = params['key'] ?? '';
    const flag = flagIn((await readFlagSet()).set, key);
    return { body: publicFlag(key, flag), headers: { etag: entityTag(flag) } };
  },

  putFlag: async (call) => {
    newName(flagKeySchema, call.params['key']);
    const change = requestOf(call, (set, key) => {
      assertMayPut(call.headers, entryOf(set.flags, key));
      return call.body;
    });
    return resultReply(change.subject.name, await changeOrPropose(change));
  },

  deleteFlag: async (call) => {
    const change = requestOf(call, (set, key) => {
      versionMatching(call.headers, flagIn(set, key));
      return null;
    });
    const result = await changeOrPropose(change);
    if ('proposal' in result) return { status: 202, body: result.proposal };
    const { name } = change.subject;
    return { body: { name, version: entryOf(result.set.deleted.flags, name) ?? 1, ...result.operationRef } };
  },

  previewFlag: async ({ params, body, query }) => {
    const key = newName(flagKeySchema, params['key']);
    const before = await readFlagSet();
    const patched = patchFlagSet(before.set, { flags: { [key]: body } }, { now: deps.now(), by: 'preview' });
    if (!patched) return { body: { count: 0, tenants: 0, flips: [] } };
    await assertMayChange(before.set, patched, { type: 'flag', name: key });
    return { body: await previewChange(before, patched, query) };
  },

  killFlag: async (call) => {
    const change = requestOf(call, (set, key) => ({ ...definitionOf(flagIn(set, key)), state: 'DISABLED' }));
    return appliedReply(change.subject.name, await changeAtOnce(change));
  },

  revertFlag: async (call) => {
    const key = call.params['key'] ?? '';
    const definition = await definitionAt(key, call.body.version);
    const change = requestOf(call, (set) => {
      assertMayPut(call.headers, entryOf(set.flags, key));
      return definition;
    });
    const reason = call.query.reason ?? `back to version ${call.body.version}`;
    return resultReply(key, await changeOrPropose({ ...change, reason }));
  },

  listFlagVersions: async ({ params, query: { limit, cursor } }) => ({
    body: await listFlagVersions(params['key'] ?? '', limit, cursor),
  }),

  listFlagAudit: async ({ params, query: { limit, cursor, ...filter } }) => ({
    body: await searchAudit(flagStream(params['key'] ?? ''), filter, limit, cursor),
  }),

  verifyFlagAudit: async ({ params }) => ({ body: await verifyStream(flagStream(params['key'] ?? '')) }),
} satisfies Operations;
