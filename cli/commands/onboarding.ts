import type { Command } from 'commander';
import { scalarEntries, textEntries, watchOption } from '#cli/options.ts';
import { reportStarted } from '#cli/report-started.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';

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
    .addOption(watchOption())
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
      await reportStarted(session, body, watch);
    });

  program
    .command('retry')
    .description('Retry the onboarding of a failed tenant.')
    .argument('<tenant>', 'slug or id')
    .addOption(watchOption())
    .action(async (tenant: string, { watch = false }: { watch?: boolean }, command: Command) => {
      const session = await openSession(terminal, command);
      const { body } = await session.api.call('retryTenant', { params: { tenant } });
      await reportStarted(session, body, watch);
    });
}
