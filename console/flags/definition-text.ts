import { type Flag, type FlagDefinition, flagDefinitionSchema } from '#core/contract/model/flags.ts';
import { compactJson } from './compact-json.ts';

/** The editable fields of a flag, in reading order. */
export const definitionOf = ({ key: _key, version: _v, updatedAt: _at, updatedBy: _by, ...definition }: Flag) =>
  definition;

export const textOf = (definition: unknown): string => compactJson(definition);

/** The template of a new flag. */
export const newDefinition: FlagDefinition = {
  description: '',
  owner: '',
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
};

export type Reading = { definition: FlagDefinition } | { errors: readonly string[] };

/** Validates the text with the API's own schema; only the API can validate rules. */
export const readDefinition = (text: string): Reading => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { errors: [error instanceof Error ? error.message : String(error)] };
  }
  const { success, data, error } = flagDefinitionSchema.safeParse(withoutBlanks(json));
  if (success) return { definition: data };
  return { errors: error.issues.map(({ path, message }) => `${path.join('.') || 'definition'}: ${message}`) };
};

/** Omits a blank description or owner. */
const withoutBlanks = (json: unknown): unknown =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? Object.fromEntries(Object.entries(json).filter(([name, value]) => value !== '' || !isText(name)))
    : json;
const isText = (name: string) => name === 'description' || name === 'owner';
