import { type Command, Option } from 'commander';
import { limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { tenantsView, tenantView } from '#cli/views.ts';
import { sortOrders } from '#core/contract/api/http.ts';
import type { RequestQuery } from '#core/contract/api/routes.ts';
import { tenantSorts, tenantStatuses } from '#core/contract/model/tenant.ts';

type TenantsOptions = Partial<Omit<RequestQuery<'listTenants'>, 'limit' | 'cursor'>> & { limit: number };

/** Adds `tenants` and `tenant`. */
export function addTenants(program: Command, terminal: Terminal): void {
  program
    .command('tenants')
    .description('List tenants.')
    .addOption(new Option('--status <status>', 'only tenants with this status').choices(tenantStatuses))
    .option('--tier <tier>', 'only tenants of this tier')
    .option('--shard <shard>', 'only tenants on this shard')
    .option('-q, --q <text>', 'only tenants whose slug, name or external id contains this text')
    .addOption(new Option('--sort <by>', 'sort by creation time or by slug').choices(tenantSorts))
    .addOption(new Option('--order <order>', 'sort order').choices(sortOrders))
    .addOption(limitOption())
    .action(async ({ limit, ...query }: TenantsOptions, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (part) => api.call('listTenants', { query: { ...query, ...part } }));
      show(page, (width) => tenantsView(page.items, width));
      sayMore(page);
    });

  program
    .command('tenant')
    .description('Show a tenant.')
    .argument('<tenant>', 'slug or id')
    .action(async (tenant: string, _options: object, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('getTenant', { params: { tenant } });
      show(body, () => tenantView(body));
    });
}
