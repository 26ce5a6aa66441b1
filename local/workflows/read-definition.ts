import * as z from 'zod';
import { type Definition, definitionSchema, functionOf } from './definition.ts';
import { refusalsOf } from './refusals.ts';

/** The definition as AWS gets it: with the functions' ARNs for their placeholders. */
export const deployed = (json: unknown, functionArn: (name: string) => string): unknown =>
  JSON.parse(
    JSON.stringify(json, (key, value: unknown) => {
      const name = key === 'Resource' && typeof value === 'string' ? functionOf(value) : undefined;
      return name === undefined ? value : functionArn(name);
    }),
  );

/**
 * Reads a workflow file and throws, naming every fault, when it calls a function that is not in `functions`
 * or uses what would run differently here than on AWS.
 */
export function readDefinition(workflow: string, json: unknown, functions: ReadonlySet<string>): Definition {
  const parsed = definitionSchema.safeParse(json);
  if (!parsed.success) throw new Error(`Workflow ${workflow} is no state machine: ${z.prettifyError(parsed.error)}`);
  const refusals = refusalsOf(parsed.data, functions);
  if (refusals.length > 0) throw new Error(`Workflow ${workflow} cannot run here:\n${refusals.join('\n')}`);
  return parsed.data;
}
