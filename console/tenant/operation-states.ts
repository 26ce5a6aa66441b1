import type { Operation, Step } from '#core/contract/model/operation.ts';
import type { WorkflowEdge, WorkflowGraph } from './workflow.ts';

export type StateStatus = Step['status'];

/** What has become of each state of the workflow; the states that are no step follow from how the operation stands. */
export const stateStatuses = ({ nodes }: WorkflowGraph, operation: Operation): Map<string, StateStatus> =>
  new Map(nodes.map(({ name }) => [name, stepOf(operation, name)?.status ?? otherStatus(name, operation)]));

export const stepOf = ({ steps }: Operation, name: string): Step | undefined =>
  steps.find((step) => step.name === name);

/** A workflow ends in a state that is named like the status its operation has then. */
const otherStatus = (name: string, { status, failure }: Operation): StateStatus => {
  if (status === 'running') return name === 'roll-back' && failure ? 'running' : 'pending';
  if (name === status) return 'succeeded';
  if (status === 'succeeded') return 'skipped';
  if (name === 'roll-back') return status === 'rollback-failed' ? 'failed' : 'succeeded';
  return name === 'fail-roll-back' && status === 'rollback-failed' ? 'succeeded' : 'skipped';
};

const isReached = (status: StateStatus | undefined) =>
  status !== undefined && status !== 'pending' && status !== 'skipped';

/** Whether the operation went that way. */
export const isTaken = ({ from, to, isCatch }: WorkflowEdge, statuses: ReadonlyMap<string, StateStatus>): boolean =>
  isReached(statuses.get(to)) && isReached(statuses.get(from)) && (statuses.get(from) === 'failed') === isCatch;
