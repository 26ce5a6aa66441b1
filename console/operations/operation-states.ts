import type { Operation, Step } from '#core/contract/model/operation.ts';
import type { WorkflowEdge, WorkflowGraph } from './workflow.ts';

export type StateStatus = Step['status'];

/** The status of each workflow state; for states that are not steps, derived from the operation's status. */
export const stateStatuses = ({ nodes }: WorkflowGraph, operation: Operation): Map<string, StateStatus> =>
  new Map(nodes.map(({ name }) => [name, stepOf(operation, name)?.status ?? otherStatus(name, operation)]));

export const stepOf = ({ steps }: Operation, name: string): Step | undefined =>
  steps.find((step) => step.name === name);

/** The end states of a workflow are named after the final status of its operation. */
const otherStatus = (name: string, { status, failure }: Operation): StateStatus => {
  if (status === 'running') return name === 'roll-back' && failure ? 'running' : 'pending';
  if (name === status) return 'succeeded';
  if (status === 'succeeded') return 'skipped';
  if (name === 'roll-back') return status === 'rollback-failed' ? 'failed' : 'succeeded';
  return name === 'fail-roll-back' && status === 'rollback-failed' ? 'succeeded' : 'skipped';
};

const isReached = (status: StateStatus | undefined) =>
  status !== undefined && status !== 'pending' && status !== 'skipped';

/** Whether the operation took this transition. */
export const isTaken = ({ from, to, isCatch }: WorkflowEdge, statuses: ReadonlyMap<string, StateStatus>): boolean =>
  isReached(statuses.get(to)) && isReached(statuses.get(from)) && (statuses.get(from) === 'failed') === isCatch;
