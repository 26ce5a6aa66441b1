import { type Command, Option } from 'commander';
import { operationFeed } from '#cli/operation-feed.ts';
import { instant, limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { allOperationsView, operationsView, operationView } from '#cli/views.ts';
import { assertSucceeded, watchOperation } from '#cli/watch-operation.ts';
import type { RequestQuery } from '#core/contract/api/routes.ts';
import { operationStatuses } from '#core/contract/model/operation.ts';
import { operationKindNames } from '#core/operation/kinds.ts';

type OperationsOptions = Pick<RequestQuery<'listOperations'>, 'kind' | 'status' | 'from'> & { limit: number };

/** Adds `operations` and `operation`. */
export function addOperations(program: Command, terminal: Terminal): void {
  program
    .command('operations')
    .description('List operations, newest first: those of a tenant, or all.')
    .argument('[tenant]', 'slug or id')
    .addOption(new Option('--kind <kind>', 'only operations of this kind').choices(operationKindNames))
    .addOption(new Option('--status <status>', 'only operations with this status').choices(operationStatuses))
    .option('--from <time>', 'only operations started at this time or later', instant)
    .addOption(limitOption())
    .action(async (tenant: string | undefined, { limit, ...filter }: OperationsOptions, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, async (part) =>
        tenant === undefined
          ? await api.call('listAllOperations', { query: { ...filter, ...part } })
          : await api.call('listOperations', { params: { tenant }, query: { ...filter, ...part } }),
      );
      const view = tenant === undefined ? allOperationsView : operationsView;
      show(page, (width) => view(page.items, width));
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
