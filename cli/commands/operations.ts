import type { Command } from 'commander';
import { limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { flagChangeView, operationsView, operationView } from '#cli/views.ts';
import { watchFlagChange } from '#cli/watch-flag-change.ts';
import { assertSucceeded, watchOperation } from '#cli/watch-operation.ts';
import type { FlagChangeOperation } from '#core/contract/flag-changes.ts';
import type { Answer } from '#core/contract/routes.ts';

type AnyOperation = Answer<'getOperation'>;

/** An operation never changes its kind. */
const flagChangeIn = (operation: AnyOperation): FlagChangeOperation => {
  if (operation.kind !== 'flag-change') throw new Error(`Operation ${operation.id} is no change of flags.`);
  return operation;
};

/** `operations` and `operation`: what is being done for a tenant, and how it ended. */
export function addOperations(program: Command, terminal: Terminal): void {
  program
    .command('operations')
    .description("List a tenant's operations, newest first.")
    .argument('<tenant>', 'slug or id')
    .addOption(limitOption())
    .action(async (tenant: string, { limit }: { limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (part) => api.call('listOperations', { params: { tenant }, query: part }));
      show(page, (width) => operationsView(page.items, width));
      sayMore(page);
    });

  program
    .command('operation')
    .description('Show an operation and its steps.')
    .argument('<operation>', 'id of the operation')
    .option('--watch', 'follow the steps to the end; exit 1 unless it succeeds')
    .action(async (operation: string, { watch = false }: { watch?: boolean }, command: Command) => {
      const session = await openSession(terminal, command);
      const read = async () => (await session.api.call('getOperation', { params: { operation } })).body;
      const first = await read();
      if (first.kind === 'flag-change') {
        const again = async () => flagChangeIn(await read());
        const change = watch ? await watchFlagChange(session, first, again) : first;
        session.show(change, () => flagChangeView(change));
        return;
      }
      const found = watch ? await watchOperation(session, operation) : first;
      session.show(found, (width) => operationView(found, width));
      if (watch) assertSucceeded(found);
    });
}
