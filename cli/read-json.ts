import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { CommandError, exitCodes } from './exit-codes.ts';

/** Parses the JSON in a file, or in stdin for `-`, with a schema. Throws a usage error if it is invalid. */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const content = file === '-' ? await text(process.stdin) : await contentOf(file);
  const result = schema.safeParse(parsed(content, file));
  if (result.success) return result.data;
  throw new CommandError(exitCodes.usage, `${file} is invalid:\n${z.prettifyError(result.error)}`);
}

async function contentOf(file: string) {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CommandError(exitCodes.usage, `${file} cannot be read.`, { cause });
  }
}

function parsed(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new CommandError(exitCodes.usage, `${file} is not valid JSON.`, { cause });
  }
}
