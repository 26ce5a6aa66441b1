import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import {
  changeLine,
  evaluationsView,
  evaluatorsView,
  previewView,
  proposalsView,
  proposedLine,
} from '#cli/flag-views.ts';
import { limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { readJson } from '#cli/read-json.ts';
import { facts } from '#cli/table.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import type { Answer } from '#core/contract/api/routes.ts';
import { type Proposal, proposalStatuses } from '#core/contract/model/flag-changes.ts';
import { flagSetDocumentSchema, ruleSchema } from '#core/contract/model/flags.ts';

type Reason = { reason?: string };
const reasonOption = () => new Option('--reason <text>', 'reason; recorded in the audit log');

/** Adds `tenant-flags`, `flagset`, `evaluators`, `evaluator`, `proposals` and `proposal`. */
export function addFlagSets(program: Command, terminal: Terminal): void {
  program
    .command('tenant-flags')
    .description('Evaluate every flag for a tenant.')
    .argument('<tenant>', 'slug or id')
    .action(async (tenant: string, _options: object, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('listTenantFlags', { params: { tenant } });
      show(body, (width) => evaluationsView(body.items, width));
    });

  addFlagSet(program, terminal);
  addEvaluators(program, terminal);
  addProposals(program, terminal);
}

const names = (list: readonly string[]) => (list.length > 0 ? list.join(' ') : undefined);

const importView = ({ version, flags, evaluators, preview, operationId }: Answer<'putFlagSet'>, width: number) => {
  const summary = facts({
    [preview ? 'From version' : 'Version']: version,
    Created: names(flags.created),
    Changed: names(flags.changed),
    Deleted: names(flags.deleted),
    'Rules created': names(evaluators.created),
    'Rules changed': names(evaluators.changed),
    'Rules deleted': names(evaluators.deleted),
    Operation: operationId,
  });
  return preview ? `${summary}\n\n${previewView(preview, width)}` : summary;
};

function addFlagSet(program: Command, terminal: Terminal) {
  const flagset = program
    .command('flagset')
    .description('Export or import the whole flag set as a flagd document.')
    .usage('export [file] | import <file> [--dry-run]');

  flagset
    .command('export')
    .description('Write the whole set to a file or to stdout.')
    .argument('[file]', 'output file; default: stdout')
    .action(async (file: string | undefined, _options: object, command: Command) => {
      const { api, terminal: out, say } = await openSession(terminal, command);
      const text = `${JSON.stringify((await api.call('getFlagSet', {})).body, null, 2)}\n`;
      if (file === undefined) out.stdout.write(text);
      else await writeFile(file, text);
      if (file !== undefined) say(`Written to ${file}.`);
    });

  flagset
    .command('import')
    .description('Replace the whole set in one change, all or nothing.')
    .argument('<file>', 'the flagd document; - for stdin')
    .option('--dry-run', 'only preview what would change, and for which tenants')
    .addOption(reasonOption())
    .action(async (file: string, { dryRun = false, reason }: Reason & { dryRun?: boolean }, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const document = await readJson(file, flagSetDocumentSchema);
      const { body } = await api.call('putFlagSet', { query: { dryRun, reason }, body: document });
      show(body, (width) => importView(body, width));
    });
}

function addEvaluators(program: Command, terminal: Terminal) {
  program
    .command('evaluators')
    .description('List shared rules, which flags refer to by `$ref`.')
    .addOption(limitOption())
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (query) => api.call('listEvaluators', { query }));
      show(page, (width) => evaluatorsView(page.items, width));
      sayMore(page);
    });

  const evaluator = program.command('evaluator').description('Change or delete a shared rule.');
  evaluator
    .command('set')
    .description('Create or update a shared rule.')
    .argument('<name>', 'name of the evaluator')
    .requiredOption('--file <file>', 'the rule as JsonLogic; - for stdin')
    .addOption(reasonOption())
    .action(async (name: string, { file, reason }: Reason & { file: string }, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const rule = await readJson(file, ruleSchema);
      const { body } = await api.call('putEvaluator', { params: { name }, query: { reason }, body: { rule } });
      show(body, () => ('proposalId' in body ? proposedLine(body) : changeLine(name, body)));
    });
  evaluator
    .command('delete')
    .description('Delete a shared rule that nothing refers to.')
    .argument('<name>', 'name of the evaluator')
    .addOption(reasonOption())
    .action(async (name: string, { reason }: Reason, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { body } = await api.call('deleteEvaluator', { params: { name }, query: { reason } });
      show(body, () => changeLine(name, body));
    });
}

function addProposals(program: Command, terminal: Terminal) {
  program
    .command('proposals')
    .description('List proposed changes, newest first.')
    .addOption(new Option('--status <status>', 'only proposals of this status').choices(proposalStatuses))
    .addOption(limitOption())
    .action(async ({ status, limit }: { status?: Proposal['status']; limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(limit, (part) => api.call('listProposals', { query: { status, ...part } }));
      show(page, (width) => proposalsView(page.items, width));
      sayMore(page);
    });

  const proposal = program.command('proposal').description('Approve or reject a proposed change.');
  const decisions = [
    ['approve', 'approveProposal', 'Approve and apply a change that another administrator proposed.'],
    ['reject', 'rejectProposal', 'Reject a proposed change, or withdraw your own.'],
  ] as const;
  for (const [verb, operation, description] of decisions) {
    proposal
      .command(verb)
      .description(description)
      .argument('<proposal>', 'proposal id')
      .addOption(reasonOption())
      .action(async (proposalId: string, { reason }: Reason, command: Command) => {
        const { api, show } = await openSession(terminal, command);
        const { body } = await api.call(operation, { params: { proposal: proposalId }, query: { reason } });
        show(body, () => `The change to ${body.target.name} is ${body.status}.`);
      });
  }
}
