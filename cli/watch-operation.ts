import { WriteStream } from 'node:tty';
import type { Operation, Step } from '#core/contract/model/operation.ts';
import { CommandError, exitCodes } from './exit-codes.ts';
import { duration } from './format.ts';
import type { OperationFeed } from './operation-feed.ts';
import type { Session } from './terminal.ts';

const describeStep = (step: Step) =>
  [
    `${step.name}: ${step.status}`,
    duration(step),
    step.attempts > 1 ? `${step.attempts} attempts` : undefined,
    step.error && `${step.error.code}: ${step.error.message}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

/** How far an operation in chunks is: "200 of 1,000 tenants". */
export const progressText = ({ progress }: Pick<Operation, 'progress'>) => {
  if (!progress) return '';
  const { done, total, unit } = progress;
  return total === undefined ? `${done} ${unit}` : `${done} of ${total} ${unit}`;
};

/** A line each time a step is seen to have moved on: for logs, and wherever a list cannot be redrawn. */
async function watchInLines(feed: OperationFeed, say: (text: string) => void): Promise<Operation> {
  const seen = new Map<string, string>();
  let progress = '';
  const moved = ({ steps }: Operation) =>
    steps.filter(({ name, status }) => status !== 'pending' && seen.get(name) !== status);
  for (;;) {
    const operation = await feed.until((read) => moved(read).length > 0 || progressText(read) !== progress);
    for (const step of moved(operation)) {
      seen.set(step.name, step.status);
      say(describeStep(step));
    }
    if (progressText(operation) !== progress) {
      progress = progressText(operation);
      say(progress);
    }
    if (operation.status !== 'running') return operation;
  }
}

/** Follows an operation to its end, telling of each step on the way. */
export async function watchOperation({ terminal, json, say }: Session, feed: OperationFeed): Promise<Operation> {
  if (json || !(terminal.stderr instanceof WriteStream)) return watchInLines(feed, say);
  const { watchInList } = await import('./watch-list.ts');
  return watchInList(feed, terminal.stderr);
}

/** Throws unless the operation succeeded, naming the step that failed and why. */
export function assertSucceeded({ id, status, failure }: Operation): void {
  if (status === 'succeeded') return;
  const cause = failure ? `: step ${failure.step} failed with ${failure.code}: ${failure.message}` : '';
  const left = status === 'rollback-failed' ? ' What is left is undone by a schedule, which tries every minute.' : '';
  throw new CommandError(exitCodes.failed, `Operation ${id} ended ${status}${cause}${left}`);
}
