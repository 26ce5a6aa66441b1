import type { WriteStream } from 'node:tty';
import {
  DefaultRenderer,
  Listr,
  type ListrDefaultRendererLogLevels,
  ListrLogger,
  type ListrTask,
  ProcessOutput,
} from 'listr2';
import type { Operation, Step } from '#core/contract/model/operation.ts';
import { kindsOnFailure } from '#core/operation/kinds.ts';
import { duration } from './format.ts';
import type { OperationFeed } from './operation-feed.ts';
import { advanceText } from './watch-operation.ts';

const stepOf = ({ steps }: Operation, name: string) => steps.find((step) => step.name === name);

const titleOf = (step: Step) =>
  [step.name, duration(step), step.attempts > 1 ? `${step.attempts} attempts` : undefined]
    .filter((part) => part !== undefined)
    .join('  ');

const isUndone = ({ kind, failure }: Operation) =>
  failure !== undefined && kindsOnFailure('undo', 'discard').includes(kind);

/** Whether nothing more comes of the step: a step that failed runs again if its operation only goes forward. */
const isOver = (operation: Operation, name: string) => {
  const status = stepOf(operation, name)?.status;
  return isUndone(operation) || status === 'succeeded' || status === 'skipped' || status === 'undone';
};

function stepTask(feed: OperationFeed, name: string): ListrTask<unknown, typeof ScreenRenderer> {
  return {
    title: name,
    task: async (_context, task) => {
      const operation = await feed.until((read) => {
        const isRunning = stepOf(read, name)?.status !== 'pending';
        if (isRunning) task.title = [name, advanceText(read), read.failure?.message].filter(Boolean).join('  ');
        return isOver(read, name);
      });
      const step = stepOf(operation, name);
      if (!step || step.status === 'pending' || step.status === 'skipped') return task.skip('not reached');
      task.title = titleOf(step);
      if (step.error) throw new Error(`${step.error.code}: ${step.error.message}`);
    },
  };
}

function rollBackTask(feed: OperationFeed): ListrTask<unknown, typeof ScreenRenderer> {
  return {
    title: 'roll back',
    task: async (_context, task) => {
      const { status, steps } = await feed.until(() => false);
      // An operation whose work is discarded ends as `failed` once that is done.
      if (status !== 'rolled-back' && status !== 'failed') throw new Error(status);
      const undone = steps.filter((step) => step.status === 'undone').map((step) => step.name);
      task.title = `roll back  ${undone.length > 0 ? `undone: ${undone.toReversed().join(', ')}` : 'nothing was created'}`;
    },
  };
}

/** Draws on stderr even if stdout is not a terminal, which Listr's own renderer requires. */
class ScreenRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

/** Draws the steps as a live list on `screen`, each with its duration; after a failure that is undone, also the roll-back. */
export async function watchInList(feed: OperationFeed, screen: WriteStream): Promise<Operation> {
  const logger = new ListrLogger<ListrDefaultRendererLogLevels>({ processOutput: new ProcessOutput(screen, screen) });
  const draw = (tasks: ListrTask<unknown, typeof ScreenRenderer>[]) =>
    new Listr(tasks, {
      renderer: ScreenRenderer,
      rendererOptions: { logger, collapseSkips: false, collapseErrors: false },
      exitOnError: false,
    }).run();

  const { steps } = await feed.until(() => true);
  await draw(steps.map(({ name }) => stepTask(feed, name)));
  if (isUndone(await feed.until(() => true))) await draw([rollBackTask(feed)]);
  return feed.until(() => false);
}
