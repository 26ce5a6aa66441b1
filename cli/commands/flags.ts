import type { Command } from 'commander';
import {
  changeLine,
  flagsView,
  flagView,
  overridesView,
  previewView,
  versionsView,
  waitingLine,
} from '#cli/flag-views.ts';
import { count, limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { readJson } from '#cli/read-json.ts';
import { openSession, type Session, type Terminal } from '#cli/terminal.ts';
import type { Answer } from '#core/contract/api/routes.ts';
import { flagDefinitionSchema, flagSchema } from '#core/contract/model/flags.ts';

/** A definition, or what `flag <key> --json` printed: the version in it is the one that the change is meant for. */
const fileSchema = flagDefinitionSchema.extend(
  flagSchema.pick({ key: true, version: true, updatedAt: true, updatedBy: true }).partial().shape,
);

const readDefinition = async (file: string) => {
  const { key: _key, version, updatedAt: _at, updatedBy: _by, ...definition } = await readJson(file, fileSchema);
  return { definition, headers: version === undefined ? {} : { 'If-Match': `"${version}"` } };
};

type Reason = { reason?: string };
const withReason = (command: Command) => command.option('--reason <text>', 'why; kept in the audit log');
const withFile = (command: Command) =>
  command.requiredOption('--file <file>', 'the definition as JSON, or what `flag <key> --json` printed; - for stdin');

const showChange = ({ show }: Session, key: string, answer: Answer<'putFlag' | 'deleteFlag'>) =>
  show(answer, () => ('proposalId' in answer ? waitingLine(answer) : changeLine(key, answer)));

/** `flags` and `flag …`: what tenants are given, and changing it safely. */
export function addFlags(program: Command, terminal: Terminal): void {
  program
    .command('flags')
    .description('List flags.')
    .option('--stale', 'only those that have expired, or give every tenant the same for 90 days')
    .option('--usage', 'also how many tenants each flag gives which variant, and whether it could go')
    .option('-q, --q <text>', 'only those with this text anywhere in them')
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
    .description('Show a flag; the word `show` may be left out.')
    .argument('<key>', 'key of the flag')
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
    .description('Make or change a flag. With a version in the file, only if the flag is still at it.')
    .argument('<key>', 'key of the flag')
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
    .description('Tell which tenants a definition would give another value; changes nothing.')
    .argument('<key>', 'key of the flag')
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
    .description('Disable a flag for everyone at once, without approval; `flag revert` undoes it.')
    .argument('<key>', 'key of the flag')
    .action(async (key: string, { reason }: Reason, command: Command) => {
      const session = await openSession(terminal, command);
      showChange(session, key, (await session.api.call('killFlag', { params: { key }, query: { reason } })).body);
    });

  withReason(flag.command('revert'))
    .description('Bring a flag back to how it was at a version, also one that was deleted.')
    .argument('<key>', 'key of the flag')
    .argument('<version>', 'version to go back to, as `flag history` lists it', count)
    .action(async (key: string, version: number, { reason }: Reason, command: Command) => {
      const session = await openSession(terminal, command);
      const call = { params: { key }, query: { reason }, body: { version } };
      showChange(session, key, (await session.api.call('revertFlag', call)).body);
    });

  flag
    .command('history')
    .description('List what a flag was, newest first.')
    .argument('<key>', 'key of the flag')
    .addOption(limitOption())
    .action(async (key: string, { limit }: { limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (query) => api.call('listFlagVersions', { params: { key }, query }));
      show(page, (width) => versionsView(page.items, width));
      sayMore(page);
    });

  withReason(flag.command('delete'))
    .description('Delete a flag that nothing depends on.')
    .argument('<key>', 'key of the flag')
    .action(async (key: string, { reason }: Reason, command: Command) => {
      const session = await openSession(terminal, command);
      showChange(session, key, (await session.api.call('deleteFlag', { params: { key }, query: { reason } })).body);
    });
}

function addOverrides(flag: Command, terminal: Terminal) {
  flag
    .command('override')
    .description('Fix the variant that a tenant is given, whatever the rule says.')
    .argument('<key>', 'key of the flag')
    .argument('<tenant>', 'slug or id')
    .argument('<variant>', 'one of the variants of the flag')
    .requiredOption('--reason <text>', 'why; shown beside the override and kept in the audit log')
    .action(async (key: string, tenant: string, variant: string, { reason }: { reason: string }, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('putOverride', { params: { key, tenant }, body: { variant, reason } });
      show(body, () => `${tenant} is given "${variant}" of ${key}.`);
    });

  withReason(flag.command('free'))
    .description('Let the rule decide for a tenant again.')
    .argument('<key>', 'key of the flag')
    .argument('<tenant>', 'slug or id')
    .action(async (key: string, tenant: string, { reason }: Reason, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('deleteOverride', { params: { key, tenant }, query: { reason } });
      show(body, () => `The rule of ${key} decides for ${tenant} again.`);
    });

  flag
    .command('overrides')
    .description('List the tenants for which a variant of the flag is fixed.')
    .argument('<key>', 'key of the flag')
    .addOption(limitOption())
    .action(async (key: string, { limit }: { limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (query) => api.call('listFlagOverrides', { params: { key }, query }));
      show(page, (width) => overridesView(page.items, width));
      sayMore(page);
    });
}
