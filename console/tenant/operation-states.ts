import type { Operation, Step } from '#core/contract/model/operation.ts';
import type { WorkflowEdge, WorkflowGraph } from './workflow.ts';

export type StateStatus = Step['status'];

/** The status of each workflow state; for states that are not steps, derived from the operation's status. */
export const stateStatuses = ({ nodes }: WorkflowGraph, operation: Operation): Map<string, StateStatus> =>
  new Map(nodes.map(({ name }) => [name, stepOf(operation, name)?.status ?? otherStatus(name, operation)]));

export const stepOf = ({ steps }: Operation, name: string): Step | undefined =>
  steps.find((step) => step.name === name);

const otherStatus = (name: string, { status, failure }: Operation): StateStatus => {
  switch (status) {
    case 'running':
      return name === 'roll-back' && failure ? 'running' : 'pending';
    case 'succeeded':
      return name === 'onboarded' ? 'succeeded' : 'skipped';
    case 'rolled-back':
      return name === 'roll-back' || name === 'rolled-back' ? 'succeeded' : 'skipped';
    case 'failed':
    case 'rollback-failed': {
      if (name === 'roll-back') return 'failed';
      return name === 'fail-roll-back' || name === 'rollback-failed' ? 'succeeded' : 'skipped';
    }
    default:
      return status satisfies never;
  }
};

const isReached = (status: StateStatus | undefined) =>
  status !== undefined && status !== 'pending' && status !== 'skipped';

/** Whether the operation took this transition. */
export const isTaken = ({ from, to, isCatch }: WorkflowEdge, statuses: ReadonlyMap<string, StateStatus>): boolean =>
  isReached(statuses.get(to)) && isReached(statuses.get(from)) && (statuses.get(from) === 'failed') === isCatch;
