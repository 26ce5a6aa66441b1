import type { Command } from 'commander';
import { operationFeed } from '#cli/operation-feed.ts';
import { limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { operationsView, operationView } from '#cli/views.ts';
import { assertSucceeded, watchOperation } from '#cli/watch-operation.ts';

/** Adds `operations` and `operation`. */
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
    .argument('<operation>', 'operation id')
    .option('--watch', 'follow the operation until it ends; exits with 1 unless it succeeds')
    .action(async (operation: string, { watch = false }: { watch?: boolean }, command: Command) => {
      const session = await openSession(terminal, command);
      const feed = operationFeed(session.api, operation);
      const found = watch ? await watchOperation(session, feed) : await feed.now();
      session.show(found, (width) => operationView(found, width));
      if (watch) assertSucceeded(found);
    });
}
