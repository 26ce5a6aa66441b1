import { errorCodeOf } from '#core/contract/api/errors.ts';
import { failRollBack } from '#core/operation/roll-back.ts';
import { deps } from '#functions/deps.ts';
import { type TaskInput, task } from '#functions/shell/task.ts';
import { count } from '#functions/shell/telemetry.ts';
import { commit } from '#stores/registry/commit.ts';
import { errorMessageIn } from '#stores/workflows/executions.ts';
import { retryIfConcurrent, underRollBack } from './begin-roll-back.ts';
import { causeOf } from './step.ts';

/** Records that a roll-back failed, with its cause, and raises the alarm: a schedule tries again. */
export const recordFailedRollBack = async (input: TaskInput): Promise<void> => {
  const cause = causeOf('fail-roll-back', input);
  const found = await underRollBack(input, cause);
  if (!found) return;
  const { Error: error = 'Internal', Cause: text } = input.failure ?? {};
  const failure = { code: errorCodeOf(error), message: errorMessageIn(text) ?? 'The roll-back gave no cause.' };
  await commit({ ...failRollBack(found.tenant, found.operation, failure, deps.now()), cause });
  count('rollbackFailed');
};

export const handler = task('fail-roll-back', (input) => retryIfConcurrent(() => recordFailedRollBack(input)));
