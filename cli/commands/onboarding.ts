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

/** Tells what was started, or, when watching, how it ended. */
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

/** `onboard` and `retry`: what starts an onboarding. */
export function addOnboarding(program: Command, terminal: Terminal): void {
  program
    .command('onboard')
    .description('Onboard a tenant.')
    .argument('<slug>', "the tenant's short name, in use by no other")
    .requiredOption('--name <name>', "the tenant's full name")
    .requiredOption('--tier <tier>', 'what it bought, e.g. starter, growth or enterprise')
    .requiredOption('--admin-email <address>', "its administrator's address")
    .option('--region <region>', 'where its data lives; else the first region of the configuration')
    .option('--external-id <id>', 'its id in your CRM or billing')
    .option('--flag <key=variant>', 'fix a flag for it; may be repeated', textEntries)
    .option('--metadata <key=value>', 'note something about it; may be repeated', scalarEntries)
    .option('--key <key>', 'idempotency key: repeating the command with it makes no second tenant')
    .option('--watch', 'follow the steps to the end')
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
    .description('Start the onboarding of a failed tenant again.')
    .argument('<tenant>', 'slug or id')
    .option('--watch', 'follow the steps to the end')
    .action(async (tenant: string, { watch = false }: { watch?: boolean }, command: Command) => {
      const session = await openSession(terminal, command);
      const { body } = await session.api.call('retryTenant', { params: { tenant } });
      await report(session, body, watch);
    });
}
