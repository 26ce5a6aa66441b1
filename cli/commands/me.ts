import type { Command } from 'commander';
import { facts } from '#cli/table.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { limitsText } from '#cli/views.ts';

/** Adds `me`. */
export function addMe(program: Command, terminal: Terminal): void {
  program
    .command('me')
    .description("Show the token's identity, permissions and limits.")
    .action(async (_options: object, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('getMe', {});
      const { id, role, tenantId, operations, limits } = body;
      const entries = {
        Id: id,
        Role: role,
        Tenant: tenantId,
        'May call': operations.join(' '),
        Requests: limitsText(limits),
      };
      show(body, () => facts(entries));
    });
}
