import { PassThrough } from 'node:stream';
import type { Command, Option } from 'commander';
import { commandTree } from '#cli/command-tree.ts';
import { exitCodeMeanings } from '#cli/exit-codes.ts';
import { code, markdownTable, page } from './markdown.ts';

const optionRow = ({ flags, description, argChoices, defaultValue, mandatory }: Option) => [
  code(flags),
  [
    description,
    argChoices && argChoices.length < 12 ? `one of ${argChoices.map(code).join(', ')}` : undefined,
    mandatory ? 'required' : undefined,
    typeof defaultValue === 'number' || typeof defaultValue === 'string'
      ? `default ${code(String(defaultValue))}`
      : undefined,
  ]
    .filter((part) => part !== undefined)
    .join('; '),
];

/** The usage line: `tenantry audit verify <tenant>`. */
function usageOf(command: Command, before: string): string {
  const args = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  return [before, command.name(), ...args].join(' ');
}

function sectionsOf(command: Command, before: string): string[] {
  const below = command.commands.filter((one) => one.name() !== 'help');
  const options = command.options.map(optionRow);
  const own =
    below.length > 0
      ? []
      : [
          `## ${code(usageOf(command, before))}`,
          command.description(),
          ...(options.length > 0 ? [markdownTable(['Option', 'Description'], options)] : []),
        ];
  return [...own, ...below.flatMap((one) => sectionsOf(one, `${before} ${command.name()}`))];
}

/** The page on the command line, generated from the command tree. */
export async function cliPage(): Promise<string> {
  const program = await commandTree({ env: {}, stdout: new PassThrough(), stderr: new PassThrough() }, []);
  const exits = exitCodeMeanings.map(([exit, meaning]) => [String(exit), meaning]);
  return page(
    '# Command line',
    'In a checkout, run `npx tenantry …`. The local run needs no settings. For another deployment set `TENANTRY_URL` to the URL of its API and `TENANTRY_TOKEN` to a bearer token.',
    'Results go to stdout, everything else to stderr. With `--json` the result is the API’s response as JSON: a list as `{items, nextCursor}`, an onboarding, suspension or resumption as `{tenant, operation}`; with `--watch`, the final state. Lists are read page by page, up to `--limit`.',
    markdownTable(['Exit code', 'Meaning'], exits),
    ...program.commands.filter((one) => one.name() !== 'help').flatMap((one) => sectionsOf(one, 'tenantry')),
  );
}
