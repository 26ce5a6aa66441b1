import type { Command } from 'commander';
import { operationFeed } from '#cli/operation-feed.ts';
import { scalarEntries, textEntries } from '#cli/options.ts';
import { openSession, type Session, type Terminal } from '#cli/terminal.ts';
import { operationView, tenantView } from '#cli/views.ts';
import { assertSucceeded, watchOperation } from '#cli/watch-operation.ts';
import type { Answer } from '#core/contract/api/routes.ts';

interface OnboardOptions {
  name: string;
  tier: string;
  adminEmail: string;
  region?: string;
  externalId?: string;
  flag?: Record<string, string>;
  metadata?: Record<string, string | number | boolean>;
  key?: string;
  watch?: true;
}

/** Shows the started operation, or, when watching, its result. */
async function report(session: Session, started: Answer<'createTenant'>, watch: boolean) {
  const { api, show, say } = session;
  if (!watch) {
    const { tenant, operation } = started;
    show(started, () => `${tenantView(tenant)}\nOperation  ${operation.id}`);
    return say(`\nFollow it with: tenantry operation ${operation.id} --watch`);
  }
  const operation = await watchOperation(session, operationFeed(session.api, started.operation.id));
  const { body: tenant } = await api.call('getTenant', { params: { tenant: started.tenant.tenantId } });
  show({ tenant, operation }, (width) => `${tenantView(tenant)}\n\n${operationView(operation, width)}`);
  return assertSucceeded(operation);
}

/** Adds `onboard` and `retry`. */
export function addOnboarding(program: Command, terminal: Terminal): void {
  program
    .command('onboard')
    .description('Onboard a tenant.')
    .argument('<slug>', "the tenant's short name, which must be unique")
    .requiredOption('--name <name>', "the tenant's full name")
    .requiredOption('--tier <tier>', 'e.g. starter, growth or enterprise')
    .requiredOption('--admin-email <address>', "the administrator's e-mail address")
    .option('--region <region>', 'where its data is stored; default: the first configured region')
    .option('--external-id <id>', 'its id in your CRM or billing system')
    .option('--flag <key=variant>', 'override a flag for it; repeatable', textEntries)
    .option('--metadata <key=value>', 'an attribute of the tenant; repeatable', scalarEntries)
    .option('--key <key>', 'idempotency key: repeating the command with it creates no second tenant')
    .option('--watch', 'follow the operation until it ends')
    .action(async (slug: string, options: OnboardOptions, command: Command) => {
      const session = await openSession(terminal, command);
      const { name, tier, adminEmail, region, externalId, flag: flags, metadata, key, watch = false } = options;
      const { body } = await session.api.call('createTenant', {
        body: {
          slug,
          name,
          tier,
          adminEmail,
          ...(region !== undefined && { region }),
          ...(externalId !== undefined && { externalId }),
          ...(flags !== undefined && { flags }),
          ...(metadata !== undefined && { metadata }),
        },
        headers: { 'Idempotency-Key': key },
      });
      await report(session, body, watch);
    });

  program
    .command('retry')
    .description('Retry the onboarding of a failed tenant.')
    .argument('<tenant>', 'slug or id')
    .option('--watch', 'follow the operation until it ends')
    .action(async (tenant: string, { watch = false }: { watch?: boolean }, command: Command) => {
      const session = await openSession(terminal, command);
      const { body } = await session.api.call('retryTenant', { params: { tenant } });
      await report(session, body, watch);
    });
}
