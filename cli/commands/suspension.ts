import type { Command } from 'commander';
import { watchOption } from '#cli/options.ts';
import { reportStarted } from '#cli/report-started.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';

interface SuspensionOptions {
  reason?: string;
  key?: string;
  watch?: boolean;
}

const commands = [
  {
    name: 'suspend',
    operationId: 'suspendTenant',
    about: 'Suspend an active tenant: refuse its users, database login and AWS sessions. Its data stays.',
  },
  {
    name: 'resume',
    operationId: 'resumeTenant',
    about: 'Resume a suspended tenant, once it passes its health check.',
  },
] as const;

/** Adds `suspend` and `resume`. */
export function addSuspension(program: Command, terminal: Terminal): void {
  for (const { name, operationId, about } of commands) {
    program
      .command(name)
      .description(about)
      .argument('<tenant>', 'slug or id')
      .option('--reason <text>', 'why, for the record and the audit event')
      .option('--key <key>', 'idempotency key: repeating the command with it starts no second operation')
      .addOption(watchOption())
      .action(async (tenant: string, { reason, key, watch = false }: SuspensionOptions, command: Command) => {
        const session = await openSession(terminal, command);
        const { body } = await session.api.call(operationId, {
          params: { tenant },
          body: reason === undefined ? {} : { reason },
          headers: { 'Idempotency-Key': key },
        });
        await reportStarted(session, body, watch);
      });
  }
}
