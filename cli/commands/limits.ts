import { type Command, InvalidArgumentError } from 'commander';
import { CommandError, exitCodes } from '#cli/exit-codes.ts';
import { count } from '#cli/options.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { tenantView } from '#cli/views.ts';
import type { Limits } from '#core/contract/model/limits.ts';

/** Parses a positive number. */
function rate(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('Must be a number above 0.');
}

interface LimitsOptions {
  rate?: number;
  burst?: number;
  default?: boolean;
}

/** The limits to set; `null` restores those of the tier. */
function limitsOf({ rate: requestsPerSecond, burst, default: isDefault = false }: LimitsOptions): Limits | null {
  const isCustom = requestsPerSecond !== undefined || burst !== undefined;
  if (isDefault && !isCustom) return null;
  if (!isDefault && requestsPerSecond !== undefined && burst !== undefined) return { requestsPerSecond, burst };
  throw new CommandError(exitCodes.usage, 'Pass both --rate and --burst, or only --default.');
}

/** Adds `tenant-limits`. */
export function addLimits(program: Command, terminal: Terminal): void {
  program
    .command('tenant-limits')
    .description("Set a tenant's own rate limits, or restore its tier's; effective within seconds.")
    .argument('<tenant>', 'slug or id')
    .option('--rate <requests>', 'average requests per second', rate)
    .option('--burst <requests>', 'size of a burst', count)
    .option('--default', "restore the tier's limits")
    .action(async (tenant: string, options: LimitsOptions, command: Command) => {
      const limits = limitsOf(options);
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('updateTenant', { params: { tenant }, body: { limits } });
      show(body, () => tenantView(body));
    });
}
