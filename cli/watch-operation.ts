import { WriteStream } from 'node:tty';
import type { Operation, Step } from '#core/contract/model/operation.ts';
import { progressText, restartsText } from '#core/contract/model/operation-texts.ts';
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

/** What moves while a step runs: its progress, and that the operation was restarted. */
export const advanceText = (operation: Operation) =>
  [progressText(operation), restartsText(operation)].filter((part) => part !== undefined).join(', ');

/** Prints a line for each change of status or progress: for logs, and for outputs that cannot be redrawn. */
async function watchInLines(feed: OperationFeed, say: (text: string) => void): Promise<Operation> {
  const seen = new Map<string, string>();
  let advance = '';
  const moved = ({ steps }: Operation) =>
    steps.filter(({ name, status }) => status !== 'pending' && seen.get(name) !== status);
  for (;;) {
    const operation = await feed.until((read) => moved(read).length > 0 || advanceText(read) !== advance);
    for (const step of moved(operation)) {
      seen.set(step.name, step.status);
      say(describeStep(step));
    }
    if (advanceText(operation) !== advance) {
      advance = advanceText(operation);
      say(advance);
    }
    if (operation.status !== 'running') return operation;
  }
}

/** Follows an operation until it ends, and prints the progress of its steps. */
export async function watchOperation({ terminal, json, say }: Session, feed: OperationFeed): Promise<Operation> {
  if (json || !(terminal.stderr instanceof WriteStream)) return watchInLines(feed, say);
  const { watchInList } = await import('./watch-list.ts');
  return watchInList(feed, terminal.stderr);
}

/** Throws unless the operation succeeded; the error names the failed step and the reason. */
export function assertSucceeded({ id, status, failure }: Operation): void {
  if (status === 'succeeded') return;
  const cause = failure ? `: step ${failure.step} failed with ${failure.code}: ${failure.message}` : '';
  const retried = status === 'rollback-failed' ? '\nThe roll-back is retried every minute.' : '';
  throw new CommandError(exitCodes.failed, `Operation ${id} ended as ${status}${cause}${retried}`);
}
