import { Command } from 'commander';
import { exitCodeMeanings } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

type AddCommands = (program: Command, terminal: Terminal) => void;

/** The command groups; a group's file is loaded when one of its commands is called, or for the full `--help`. */
const groups: readonly { commands: readonly string[]; load: () => Promise<AddCommands> }[] = [
  { commands: ['onboard', 'retry'], load: async () => (await import('./commands/onboarding.ts')).addOnboarding },
  { commands: ['suspend', 'resume'], load: async () => (await import('./commands/suspension.ts')).addSuspension },
  { commands: ['tenants', 'tenant'], load: async () => (await import('./commands/tenants.ts')).addTenants },
  { commands: ['tenant-limits'], load: async () => (await import('./commands/limits.ts')).addLimits },
  { commands: ['operations', 'operation'], load: async () => (await import('./commands/operations.ts')).addOperations },
  { commands: ['users'], load: async () => (await import('./commands/users.ts')).addUsers },
  { commands: ['audit'], load: async () => (await import('./commands/audit.ts')).addAudit },
  { commands: ['flags', 'flag'], load: async () => (await import('./commands/flags.ts')).addFlags },
  {
    commands: ['tenant-flags', 'flagset', 'evaluators', 'evaluator', 'proposals', 'proposal'],
    load: async () => (await import('./commands/flag-sets.ts')).addFlagSets,
  },
  { commands: ['secrets'], load: async () => (await import('./commands/secrets.ts')).addSecrets },
  { commands: ['shards', 'shard'], load: async () => (await import('./commands/shards.ts')).addShards },
  { commands: ['me'], load: async () => (await import('./commands/me.ts')).addMe },
];

const environmentHelp = `
Environment:
  TENANTRY_URL    URL of the API; default: the local run's, http://127.0.0.1:8787
  TENANTRY_TOKEN  bearer token; the local run issues one by itself`;

const exitCodeHelp = `
Exit codes:
${exitCodeMeanings.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}`;

/** The command tree, with only the groups loaded that `args` may need. */
export async function commandTree(terminal: Terminal, args: readonly string[]): Promise<Command> {
  const program = new Command('tenantry')
    .description('Manage tenants through the HTTP API of the control plane.')
    .option('--json', 'print the result as JSON')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    .addHelpText('afterAll', `${environmentHelp}\n${exitCodeHelp}`)
    .exitOverride();
  const called = args.find((arg) => !arg.startsWith('-')) ?? '';
  const needed = groups.filter(({ commands }) => commands.includes(called));
  for (const { load } of needed.length > 0 ? needed : groups) (await load())(program, terminal);
  return program;
}
