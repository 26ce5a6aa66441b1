import { Argument, type Command, Option } from 'commander';
import { limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { usersView, userView } from '#cli/views.ts';
import { type TenantRole, tenantRoles } from '#core/contract/api/roles.ts';
import type { UserUpdate } from '#core/contract/model/user.ts';

/** Adds `users` and its commands. */
export function addUsers(program: Command, terminal: Terminal): void {
  const users = program.command('users').description("List and manage a tenant's users.");

  users
    .command('list', { isDefault: true })
    .description("List a tenant's users.")
    .argument('<tenant>', 'slug or id')
    .addOption(limitOption())
    .action(async (tenant: string, { limit }: { limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (part) => api.call('listUsers', { params: { tenant }, query: part }));
      show(page, (width) => usersView(page.items, width));
      sayMore(page);
    });

  users
    .command('invite')
    .description('Invite a user; a repeat changes nothing.')
    .argument('<tenant>', 'slug or id')
    .argument('<email>', "the user's e-mail address")
    .addOption(new Option('--role <role>', 'role of the user').choices(tenantRoles).default('tenant-member'))
    .action(async (tenant: string, email: string, { role }: { role: TenantRole }, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('inviteUser', { params: { tenant }, body: { email, role } });
      show(body, () => userView(body));
    });

  const onUser = (name: string, description: string) =>
    users
      .command(name)
      .description(description)
      .argument('<tenant>', 'slug or id')
      .argument('<user>', 'e-mail address');
  const update = async (tenant: string, user: string, body: UserUpdate, command: Command) => {
    const { api, show } = await openSession(terminal, command);
    const { body: changed } = await api.call('updateUser', { params: { tenant, user }, body });
    show(changed, () => userView(changed));
  };

  onUser('role', "Change a user's role.")
    .addArgument(new Argument('<role>', 'new role').choices(tenantRoles))
    .action((tenant: string, user: string, role: TenantRole, _options: object, command: Command) =>
      update(tenant, user, { role }, command),
    );
  onUser('disable', "Disable a user; the user's tokens are refused at once.").action(
    (tenant: string, user: string, _options: object, command: Command) =>
      update(tenant, user, { disabled: true }, command),
  );
  onUser('enable', 'Enable a disabled user.').action(
    (tenant: string, user: string, _options: object, command: Command) =>
      update(tenant, user, { disabled: false }, command),
  );
  onUser('remove', 'Remove a user.').action(
    async (tenant: string, user: string, _options: object, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('removeUser', { params: { tenant, user } });
      show(body, () => userView(body));
    },
  );
}
