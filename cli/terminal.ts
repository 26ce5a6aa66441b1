import type { Command } from 'commander';
import * as z from 'zod';
import type { ApiClient } from '#core/contract/api/client.ts';
import { connect } from './connect.ts';

/** Where a command line runs: a `process`, or what a test puts in its place. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  stdout: NodeJS.WritableStream & { columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
}

/** A command's connection to the API and to whoever reads its output. */
export interface Session {
  api: ApiClient;
  terminal: Terminal;
  json: boolean;
  /** Prints the result: as JSON when asked to, else as `human` puts it. */
  show: (result: unknown, human: (width: number) => string) => void;
  /** Talks to the person at the terminal; keeps silent when the result is JSON. */
  say: (text: string) => void;
  /** Says so when a list was cut short. */
  sayMore: (page: { items: readonly unknown[]; nextCursor?: string | undefined }) => void;
}

/** Tables stay readable in a terminal of this many columns. */
const ordinaryWidth = 100;

const globalOptions = z.object({ json: z.boolean().default(false) });

/** Connects a command to the API as the environment says; throws `CommandError` without a token. */
export async function openSession(terminal: Terminal, command: Command): Promise<Session> {
  const { json } = globalOptions.parse(command.optsWithGlobals());
  const width = Math.max(terminal.stdout.columns ?? 0, ordinaryWidth);
  const say = (text: string) => void (json || terminal.stderr.write(`${text}\n`));
  return {
    api: await connect(terminal.env),
    terminal,
    json,
    show: (result, human) => terminal.stdout.write(`${json ? JSON.stringify(result, null, 2) : human(width)}\n`),
    say,
    sayMore: ({ items, nextCursor }) => {
      if (nextCursor !== undefined) say(`\nThe first ${items.length}; there are more: raise --limit.`);
    },
  };
}
