import type { Command } from 'commander';
import * as z from 'zod';
import type { ApiClient } from '#core/contract/api/client.ts';
import { connect } from './connect.ts';

/** The environment and streams of a command: `process`, or a test's replacement. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  stdout: NodeJS.WritableStream & { columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
}

/** A command's API client and output. */
export interface Session {
  api: ApiClient;
  terminal: Terminal;
  json: boolean;
  /** Prints the result: as JSON with `--json`, otherwise as `human` formats it. */
  show: (result: unknown, human: (width: number) => string) => void;
  /** Prints a message to stderr; silent with `--json`. */
  say: (text: string) => void;
  /** Says that there are more items, if there are. */
  sayMore: (page: { items: readonly unknown[]; nextCursor?: string | undefined }) => void;
}

/** The minimum width of tables, in columns. */
const minWidth = 100;

const globalOptions = z.object({ json: z.boolean().default(false) });

/** Connects a command to the API from the environment. Throws `CommandError` if there is no token. */
export async function openSession(terminal: Terminal, command: Command): Promise<Session> {
  const { json } = globalOptions.parse(command.optsWithGlobals());
  const width = Math.max(terminal.stdout.columns ?? 0, minWidth);
  const say = (text: string) => void (json || terminal.stderr.write(`${text}\n`));
  return {
    api: await connect(terminal.env),
    terminal,
    json,
    show: (result, human) => terminal.stdout.write(`${json ? JSON.stringify(result, null, 2) : human(width)}\n`),
    say,
    sayMore: ({ items, nextCursor }) => {
      if (nextCursor !== undefined) say(`\nShowing the first ${items.length}. For more, raise --limit.`);
    },
  };
}
