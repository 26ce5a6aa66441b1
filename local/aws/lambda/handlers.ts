import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { FunctionError } from './function-error.ts';

export type Handler = (event: unknown, context: Context) => unknown;

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

/** Loads the `handler` of a manifest entry: the same file that is bundled for AWS. */
export async function loadHandler(root: string, entry: string): Promise<Handler> {
  const module: unknown = await import(pathToFileURL(resolve(root, entry)).href).catch((error: unknown) => {
    throw new FunctionError('Runtime.ImportModuleError', `Cannot load ${entry}: ${String(error)}`);
  });
  const handler = typeof module === 'object' && module !== null && 'handler' in module ? module.handler : undefined;
  if (!isHandler(handler))
    throw new FunctionError('Runtime.HandlerNotFound', `${entry} exports no function “handler”.`);
  return handler;
}
