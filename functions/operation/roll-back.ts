import { keys } from '#core/keys.ts';
import { endRollBack, rollBackPlan } from '#core/operation/roll-back.ts';
import { deps } from '#functions/deps.ts';
import { type TaskInput, task } from '#functions/shell/task.ts';
import { readOverrides } from '#stores/flags/overrides.ts';
import { commit } from '#stores/registry/commit.ts';
import { orWait, underRollBack } from './begin-roll-back.ts';
import { causeOf } from './onboarding-step.ts';
import { undoResources } from './undo-resources.ts';

/** Undoes all that the ledger says was made for the tenant; may be repeated, and goes on where it stopped. */
export const rollBack = async (input: TaskInput): Promise<void> => {
  const cause = causeOf('roll-back', input);
  const found = await underRollBack(input, cause);
  if (!found) return;
  const { file, operation } = found;
  const plan = rollBackPlan(operation, file.resources);
  await undoResources(plan, file.tenant);
  const overrides = plan.includes('overrides') ? await readOverrides(input.tenantId) : [];
  const overrideKeys = overrides.map(({ flagKey }) => keys.override(input.tenantId, flagKey));
  await commit({ ...endRollBack(file, operation, overrideKeys, deps.now()), cause });
};

export const handler = task('roll-back', (input) => orWait(() => rollBack(input)));
