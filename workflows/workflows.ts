import type { WorkflowName } from '#core/contract/platform/names.ts';
import { type OperationKind, operationKindNames, operationKinds, stepsOf, workflowOf } from '#core/operation/kinds.ts';
import type { FunctionName } from '#functions/manifest.ts';
import { forwardWorkflow, rollBack, undoableWorkflow } from './asl.ts';
import type { Definition } from './definition.ts';

/** The steps of a kind, each of which is the name of a function. */
const functionsOf = (kind: OperationKind): readonly [FunctionName, ...FunctionName[]] => {
  const [first, ...others] = stepsOf(kind);
  if (first === undefined) throw new Error(`Operation kind ${kind} has no steps.`);
  return [first, ...others];
};

/** The workflow of a kind of operation, as its row in the table of kinds says. */
const workflowFor = (kind: OperationKind): Definition => {
  const spec = operationKinds[kind];
  const { about, timeoutSeconds: seconds, onFailure } = spec;
  switch (onFailure) {
    case 'undo':
    case 'discard':
      return undoableWorkflow(functionsOf(kind), {
        comment: `${about} Its steps share one branch, so that one Catch covers them all and a roll-back undoes what they made.`,
        seconds,
        name: kind,
        undone: [
          onFailure === 'undo' ? 'rolled-back' : 'failed',
          {
            Type: 'Fail',
            Error: 'OperationUndone',
            Cause: 'A step failed; everything the operation made was undone. Its record names the step and the cause.',
          },
        ],
      });
    case 'resume':
    case 'alarm':
      return forwardWorkflow(functionsOf(kind), {
        comment: `${about} It goes forward only: after a failure, reconcile-operations starts it again.`,
        seconds,
        ofTenant: spec.subject === 'tenant',
        inChunks: spec.progress !== undefined,
      });
    default:
      return onFailure satisfies never;
  }
};

const rollBackTenant: Definition = {
  Comment:
    'Rolls back an operation whose own workflow could not: stopped, timed out, dead, or failed in its roll-back.',
  StartAt: 'roll-back',
  TimeoutSeconds: 300,
  States: rollBack('$.failedExecution', ['rolled-back', { Type: 'Succeed' }]),
};

/** Every workflow: `lib/` deploys these objects, and `local/` runs them. */
export const workflows = {
  ...Object.fromEntries(operationKindNames.map((kind) => [workflowOf(kind), workflowFor(kind)])),
  'roll-back-tenant': rollBackTenant,
} as Readonly<Record<WorkflowName, Definition>>;
