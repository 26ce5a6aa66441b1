import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { CommandError, exitCodes } from '#cli/exit-codes.ts';
import { instant, limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { auditView } from '#cli/views.ts';
import type { RequestQuery } from '#core/contract/api/routes.ts';
import { actionNames } from '#core/contract/events/catalogue.ts';

type Filter = Partial<Pick<RequestQuery<'listTenantAudit'>, 'actor' | 'action' | 'from' | 'to' | 'q'>>;

const withFilter = (command: Command) =>
  command
    .option('--actor <id>', 'only events by this actor')
    .addOption(
      new Option('--action <action>', `only events of this action, e.g. ${actionNames[0]}`).choices(actionNames),
    )
    .option('--from <time>', 'only events from this time on', instant)
    .option('--to <time>', 'only events before this time', instant)
    .option('-q, --q <text>', 'only events that contain this text');

/** Adds `audit`, `audit verify` and `audit export`. */
export function addAudit(program: Command, terminal: Terminal): void {
  const audit = program
    .command('audit')
    .description("Search, verify or export a tenant's audit events.")
    .usage('<tenant> [options] | verify <tenant> | export <tenant> [options]');

  withFilter(audit.command('search', { isDefault: true }))
    .description("Search a tenant's audit events, newest first; `search` is the default command.")
    .argument('<tenant>', 'slug or id')
    .addOption(limitOption())
    .action(async (tenant: string, { limit, ...filter }: Filter & { limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (part) =>
        api.call('listTenantAudit', { params: { tenant }, query: { ...filter, ...part } }),
      );
      show(page, (width) => auditView(page.items, width));
      sayMore(page);
    });

  audit
    .command('verify')
    .description("Verify a tenant's audit chain; exits with 1 if it is broken.")
    .argument('<tenant>', 'slug or id')
    .action(async (tenant: string, _options: object, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('verifyTenantAudit', { params: { tenant } });
      show(body, () => `${tenant}: audit chain ${body.valid ? 'verified' : 'broken'}, ${body.events} events`);
      if (body.valid) return;
      const { fault } = body;
      const details = fault ? `Fault at event ${fault.seq} (${fault.kind}): ${fault.message}` : 'No details given.';
      throw new CommandError(exitCodes.failed, details);
    });

  withFilter(audit.command('export'))
    .description("Write a tenant's audit events to stdout, oldest first.")
    .argument('<tenant>', 'slug or id')
    .addOption(new Option('--format <format>', 'output format').choices(['ndjson', 'csv']).default('ndjson'))
    .action(async (tenant: string, query: Filter & { format: 'ndjson' | 'csv' }, command: Command) => {
      const { api } = await openSession(terminal, command);
      let cursor: string | undefined;
      do {
        const { headers, body } = await api.stream('exportTenantAudit', {
          params: { tenant },
          query: { ...query, cursor },
        });
        await pipeline(Readable.fromWeb(body), terminal.stdout, { end: false });
        cursor = headers.get('x-next-cursor') ?? undefined;
      } while (cursor !== undefined);
    });
}
