import { MemoryStorage } from '@openfeature/flagd-core';
import * as z from 'zod';
import type { FieldError } from '#core/contract/api/errors.ts';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { quietLogger } from './compile-flag-set.ts';

const schemaFaults = z.array(
  z.object({
    instancePath: z.string(),
    message: z.string().default('is not allowed'),
    params: z.object({ additionalProperty: z.string().optional() }).optional(),
  }),
);
type SchemaFault = z.infer<typeof schemaFaults>[number];

/**
 * The faults that flagd's own schema finds in one definition, at their JSON Pointers within it. flagd tells them as
 * JSON at the end of its error's message. The schema tries every alternative: only the deepest faults say what is meant.
 */
export const flagdFaults = (
  definition: Pick<FlagDefinition, 'state' | 'variants'> & { targeting?: Rule | undefined },
): FieldError[] => {
  try {
    new MemoryStorage(quietLogger, { disableDynamicCodeGeneration: true }).setConfigurations(
      JSON.stringify({ flags: { flag: definition } }),
      true,
    );
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const faults = faultsIn(error);
    return faults.length > 0 ? faults : [{ path: '', message: causeOf(error) }];
  }
};

const prefix = '/flags/flag';

const faultsIn = ({ message }: Error): FieldError[] => {
  const start = message.indexOf('[');
  if (start < 0) return [];
  const all = schemaFaults
    .parse(JSON.parse(message.slice(start)))
    .map((found) => ({ ...found, instancePath: found.instancePath.replace(prefix, '') }));
  if (all.some(({ instancePath }) => instancePath.startsWith('/variants'))) {
    return [{ path: '/variants', message: 'must hold values of one type: booleans, strings, numbers or objects' }];
  }
  const deepest = Math.max(...all.map(({ instancePath }) => depthOf(instancePath)));
  const byPath = Map.groupBy(
    all.filter(({ instancePath }) => depthOf(instancePath) === deepest),
    ({ instancePath }) => instancePath,
  );
  return [...byPath].map(([path, found]) => ({ path, message: messageOf(found) }));
};

/** An operator that no alternative of the schema knows is the fault, whatever else the alternatives miss. */
const messageOf = (found: readonly SchemaFault[]) => {
  const unknown = found.find(({ params }) => params?.additionalProperty !== undefined)?.params?.additionalProperty;
  if (unknown !== undefined)
    return `must hold one operator that flagd knows; "${unknown}" is not or takes other operands`;
  return [...new Set(found.map(({ message }) => message))].join(', or ');
};

const depthOf = (path: string) => path.split('/').length;

const causeOf = ({ cause, message }: Error) => (cause instanceof Error ? cause.message : message);
