import { AppError } from '#core/contract/api/errors.ts';
import { type Evaluator, evaluatorNameSchema } from '#core/contract/model/flags.ts';
import { type EvaluatorRecord, entryOf, type FlagSet } from '#core/flags/flag-set.ts';
import { patchFlagSet } from '#core/flags/patch-flag-set.ts';
import { deps } from '#functions/deps.ts';
import { assertMayChange } from '#functions/flags/change-flag-set.ts';
import { previewChange } from '#functions/flags/preview-change.ts';
import { changeAtOnce, changeOrPropose } from '#functions/flags/propose.ts';
import { assertMayPut, entityTag, versionMatching } from '#functions/http/preconditions.ts';
import type { Operations } from '#functions/shell/http.ts';
import { pageOfSorted } from '#stores/aws/pages.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { newName } from './new-name.ts';

const publicEvaluator = (name: string, evaluator: EvaluatorRecord): Evaluator => ({ name, ...evaluator });

const evaluatorIn = (set: FlagSet, name: string): EvaluatorRecord => {
  const evaluator = entryOf(set.evaluators, name);
  if (!evaluator) throw new AppError('not_found', `There is no evaluator "${name}".`);
  return evaluator;
};

export const evaluators = {
  listEvaluators: async ({ query: { limit, cursor } }) => {
    const { set } = await readFlagSet();
    const all = Object.entries(set.evaluators)
      .map(([name, evaluator]) => publicEvaluator(name, evaluator))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return { body: pageOfSorted(all, { list: ['evaluators'], limit, cursor, positionOf: ({ name }) => name }) };
  },

  getEvaluator: async ({ params }) => {
    const name = params['name'] ?? '';
    const evaluator = evaluatorIn((await readFlagSet()).set, name);
    return { body: publicEvaluator(name, evaluator), headers: { etag: entityTag(evaluator) } };
  },

  putEvaluator: async ({ params, query, body, headers, cause }) => {
    const name = newName(evaluatorNameSchema, params['name']);
    const result = await changeOrPropose({
      subject: { type: 'evaluator', name },
      cause,
      reason: query.reason,
      decide: (set) => {
        assertMayPut(headers, entryOf(set.evaluators, name));
        return { evaluators: { [name]: body.rule } };
      },
    });
    if ('proposal' in result) return { status: 202, body: result.proposal };
    const evaluator = evaluatorIn(result.set, name);
    return {
      body: { ...publicEvaluator(name, evaluator), ...result.operationRef },
      headers: { etag: entityTag(evaluator) },
    };
  },

  deleteEvaluator: async ({ params, query, headers, cause }) => {
    const name = params['name'] ?? '';
    // A rule that a flag refers to cannot be deleted, so no flag that requires approval is concerned.
    const { set: after, operationRef } = await changeAtOnce({
      subject: { type: 'evaluator', name },
      cause,
      reason: query.reason,
      decide: (set) => {
        versionMatching(headers, evaluatorIn(set, name));
        return { evaluators: { [name]: null } };
      },
    });
    return { body: { name, version: entryOf(after.deleted.evaluators, name) ?? 1, ...operationRef } };
  },

  previewEvaluator: async ({ params, body, query }) => {
    const name = newName(evaluatorNameSchema, params['name']);
    const before = await readFlagSet();
    const patch = { evaluators: { [name]: body.rule } };
    const patched = patchFlagSet(before.set, patch, { now: deps.now(), by: 'preview' });
    if (!patched) return { body: { count: 0, tenants: 0, flips: [] } };
    await assertMayChange(before.set, patched, { type: 'evaluator', name });
    return { body: await previewChange(before, patched, query) };
  },
} satisfies Operations;
