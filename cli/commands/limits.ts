import { type Command, InvalidArgumentError } from 'commander';
import { CommandError, exitCodes } from '#cli/exit-codes.ts';
import { count } from '#cli/options.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { tenantView } from '#cli/views.ts';
import type { Limits } from '#core/contract/model/limits.ts';

/** A positive number, which may be below one. */
function rate(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('Must be a number above 0.');
}

interface LimitsOptions {
  rate?: number;
  burst?: number;
  default?: boolean;
}

/** What was asked for; `null` is the limits of the tier. */
function limitsOf({ rate: requestsPerSecond, burst, default: isDefault = false }: LimitsOptions): Limits | null {
  const isOwn = requestsPerSecond !== undefined || burst !== undefined;
  if (isDefault && !isOwn) return null;
  if (!isDefault && requestsPerSecond !== undefined && burst !== undefined) return { requestsPerSecond, burst };
  throw new CommandError(exitCodes.usage, 'Give both --rate and --burst, or --default alone.');
}

/** `tenant-limits`: how often one tenant may call the API. */
export function addLimits(program: Command, terminal: Terminal): void {
  program
    .command('tenant-limits')
    .description('Give a tenant limits of its own, or back those of its tier; in force within seconds.')
    .argument('<tenant>', 'slug or id')
    .option('--rate <requests>', 'requests a second in the long run', rate)
    .option('--burst <requests>', 'requests at once', count)
    .option('--default', 'the limits of its tier')
    .action(async (tenant: string, options: LimitsOptions, command: Command) => {
      const limits = limitsOf(options);
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('updateTenant', { params: { tenant }, body: { limits } });
      show(body, () => tenantView(body));
    });
}
