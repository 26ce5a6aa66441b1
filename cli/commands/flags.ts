import type { Command } from 'commander';
import {
  changeLine,
  flagsView,
  flagView,
  overridesView,
  previewView,
  proposedLine,
  versionsView,
} from '#cli/flag-views.ts';
import { count, limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { readJson } from '#cli/read-json.ts';
import { openSession, type Session, type Terminal } from '#cli/terminal.ts';
import type { Answer } from '#core/contract/api/routes.ts';
import { flagDefinitionSchema, flagSchema } from '#core/contract/model/flags.ts';

/** A definition, or the output of `flag <key> --json`, whose version becomes `If-Match`. */
const fileSchema = flagDefinitionSchema.extend(
  flagSchema.pick({ key: true, version: true, updatedAt: true, updatedBy: true }).partial().shape,
);

const readDefinition = async (file: string) => {
  const { key: _key, version, updatedAt: _at, updatedBy: _by, ...definition } = await readJson(file, fileSchema);
  return { definition, headers: version === undefined ? {} : { 'If-Match': `"${version}"` } };
};

type Reason = { reason?: string };
const withReason = (command: Command) => command.option('--reason <text>', 'reason; recorded in the audit log');
const withFile = (command: Command) =>
  command.requiredOption('--file <file>', 'the definition as JSON, or the output of `flag <key> --json`; - for stdin');

const showChange = ({ show }: Session, key: string, answer: Answer<'putFlag' | 'deleteFlag'>) =>
  show(answer, () => ('proposalId' in answer ? proposedLine(answer) : changeLine(key, answer)));

/** Adds `flags` and `flag`. */
export function addFlags(program: Command, terminal: Terminal): void {
  program
    .command('flags')
    .description('List flags.')
    .option('--stale', 'only flags that have expired, or have served every tenant the same variant for 90 days')
    .option('--usage', 'add how many tenants each variant is served to, and whether the flag is stale')
    .option('-q, --q <text>', 'only flags that contain this text')
    .addOption(limitOption())
    .action(
      async ({ limit, ...query }: { stale?: true; usage?: true; q?: string; limit: number }, command: Command) => {
        const { api, show, sayMore } = await openSession(terminal, command);
        const page = await collect(limit, (part) => api.call('listFlags', { query: { ...query, ...part } }));
        show(page, (width) => flagsView(page.items, width));
        sayMore(page);
      },
    );

  const flag = program
    .command('flag')
    .description('Show or change a flag.')
    .usage('<key> | set | preview | override | free | overrides | kill | revert | history | delete');

  flag
    .command('show', { isDefault: true })
    .description('Show a flag; `show` is the default command.')
    .argument('<key>', 'flag key')
    .action(async (key: string, _options: object, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('getFlag', { params: { key } });
      show(body, () => flagView(body));
    });

  addChanges(flag, terminal);
  addOverrides(flag, terminal);
}

function addChanges(flag: Command, terminal: Terminal) {
  withReason(withFile(flag.command('set')))
    .description('Create or update a flag. If the file has a version, the flag must still be at that version.')
    .argument('<key>', 'flag key')
    .action(async (key: string, { file, reason }: Reason & { file: string }, command: Command) => {
      const session = await openSession(terminal, command);
      const { definition, headers } = await readDefinition(file);
      const { body } = await session.api.call('putFlag', {
        params: { key },
        query: { reason },
        body: definition,
        headers,
      });
      showChange(session, key, body);
    });

  withFile(flag.command('preview'))
    .description('Preview which tenants would get another value from a definition.')
    .argument('<key>', 'flag key')
    .addOption(limitOption())
    .action(async (key: string, { file, limit }: { file: string; limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const { definition } = await readDefinition(file);
      const totals = { count: 0, tenants: 0 };
      const { items, ...more } = await collect(limit, async (query) => {
        const { body } = await api.call('previewFlag', { params: { key }, query, body: definition });
        const { flips, nextCursor, ...found } = body;
        Object.assign(totals, found);
        return { body: { items: flips, nextCursor } };
      });
      const preview = { ...totals, flips: items, ...more };
      show(preview, (width) => previewView(preview, width));
      sayMore({ items, ...more });
    });

  withReason(flag.command('kill'))
    .description('Disable a flag for everyone at once, without approval; undo with `flag revert`.')
    .argument('<key>', 'flag key')
    .action(async (key: string, { reason }: Reason, command: Command) => {
      const session = await openSession(terminal, command);
      showChange(session, key, (await session.api.call('killFlag', { params: { key }, query: { reason } })).body);
    });

  withReason(flag.command('revert'))
    .description('Restore a flag to an earlier version; also restores a deleted flag.')
    .argument('<key>', 'flag key')
    .argument('<version>', 'version to restore, from `flag history`', count)
    .action(async (key: string, version: number, { reason }: Reason, command: Command) => {
      const session = await openSession(terminal, command);
      const call = { params: { key }, query: { reason }, body: { version } };
      showChange(session, key, (await session.api.call('revertFlag', call)).body);
    });

  flag
    .command('history')
    .description("List a flag's versions, newest first.")
    .argument('<key>', 'flag key')
    .addOption(limitOption())
    .action(async (key: string, { limit }: { limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (query) => api.call('listFlagVersions', { params: { key }, query }));
      show(page, (width) => versionsView(page.items, width));
      sayMore(page);
    });

  withReason(flag.command('delete'))
    .description('Delete a flag that nothing depends on.')
    .argument('<key>', 'flag key')
    .action(async (key: string, { reason }: Reason, command: Command) => {
      const session = await openSession(terminal, command);
      showChange(session, key, (await session.api.call('deleteFlag', { params: { key }, query: { reason } })).body);
    });
}

function addOverrides(flag: Command, terminal: Terminal) {
  flag
    .command('override')
    .description("Override a flag's variant for a tenant.")
    .argument('<key>', 'flag key')
    .argument('<tenant>', 'slug or id')
    .argument('<variant>', 'one of the variants of the flag')
    .requiredOption('--reason <text>', 'reason; shown with the override and recorded in the audit log')
    .action(async (key: string, tenant: string, variant: string, { reason }: { reason: string }, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('putOverride', { params: { key, tenant }, body: { variant, reason } });
      show(body, () => `${key} is now "${variant}" for ${tenant}.`);
    });

  withReason(flag.command('free'))
    .description("Remove a tenant's override.")
    .argument('<key>', 'flag key')
    .argument('<tenant>', 'slug or id')
    .action(async (key: string, tenant: string, { reason }: Reason, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('deleteOverride', { params: { key, tenant }, query: { reason } });
      show(body, () => `The override of ${key} for ${tenant} was removed.`);
    });

  flag
    .command('overrides')
    .description('List the tenants that have an override of the flag.')
    .argument('<key>', 'flag key')
    .addOption(limitOption())
    .action(async (key: string, { limit }: { limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (query) => api.call('listFlagOverrides', { params: { key }, query }));
      show(page, (width) => overridesView(page.items, width));
      sayMore(page);
    });
}
