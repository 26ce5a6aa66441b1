import { MemoryStorage } from '@openfeature/flagd-core';
import * as z from 'zod';
import type { FieldError } from '#core/contract/api/errors.ts';
import type { FlagDefinition, Rule } from '#core/contract/model/flags.ts';
import { quietLogger } from './compile-flag-set.ts';

const schemaViolations = z.array(
  z.object({
    instancePath: z.string(),
    message: z.string().default('is not allowed'),
    params: z.object({ additionalProperty: z.string().optional() }).optional(),
  }),
);
type SchemaViolation = z.infer<typeof schemaViolations>[number];

/**
 * The violations that flagd's own schema finds in one definition, by JSON Pointer. flagd appends them as JSON to its
 * error message. The schema tries every alternative, so only the deepest violations are relevant.
 */
export const flagdViolations = (
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
    const violations = violationsIn(error);
    return violations.length > 0 ? violations : [{ path: '', message: causeOf(error) }];
  }
};

const prefix = '/flags/flag';

const violationsIn = ({ message }: Error): FieldError[] => {
  const start = message.indexOf('[');
  if (start < 0) return [];
  const all = schemaViolations
    .parse(JSON.parse(message.slice(start)))
    .map((found) => ({ ...found, instancePath: found.instancePath.replace(prefix, '') }));
  if (all.some(({ instancePath }) => instancePath.startsWith('/variants'))) {
    return [{ path: '/variants', message: 'must contain values of one type: booleans, strings, numbers or objects' }];
  }
  const deepest = Math.max(...all.map(({ instancePath }) => depthOf(instancePath)));
  const byPath = Map.groupBy(
    all.filter(({ instancePath }) => depthOf(instancePath) === deepest),
    ({ instancePath }) => instancePath,
  );
  return [...byPath].map(([path, found]) => ({ path, message: messageOf(found) }));
};

/** An unknown operator is the cause, whatever else the alternatives report. */
const messageOf = (found: readonly SchemaViolation[]) => {
  const unknown = found.find(({ params }) => params?.additionalProperty !== undefined)?.params?.additionalProperty;
  if (unknown !== undefined) return `must contain one valid operator; "${unknown}" is unknown or has invalid operands`;
  return [...new Set(found.map(({ message }) => message))].join(', or ');
};

const depthOf = (path: string) => path.split('/').length;

const causeOf = ({ cause, message }: Error) => (cause instanceof Error ? cause.message : message);
