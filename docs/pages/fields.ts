import * as z from 'zod';
import { componentSchemas, type JsonSchema } from '#core/contract/api/openapi-schemas.ts';
import { actionNames } from '#core/contract/events/catalogue.ts';
import { anchor, code, markdownTable } from './markdown.ts';

const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  enum: z.array(z.json()).optional(),
  const: z.json().optional(),
  default: z.json().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  pattern: z.string().optional(),
  get items() {
    return schemaShape.optional();
  },
  get anyOf() {
    return z.array(schemaShape).optional();
  },
  get properties() {
    return z.record(z.string(), schemaShape).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), schemaShape]).optional();
  },
  required: z.array(z.string()).optional(),
});
type SchemaShape = z.infer<typeof schemaShape>;

const listed = (values: readonly unknown[]) => values.map((value) => code(String(value))).join(' · ');

/** Whether the values are the actions, which have a page of their own. */
const isAction = (values: readonly unknown[]) => values.length === actionNames.length && values[0] === actionNames[0];

/** Describes a type: `string, at most 120`, `integer, 1–200`, a link to a schema. */
export function typeInWords(schema: JsonSchema, toSchema = '#'): string {
  return words(schemaShape.parse(schema), toSchema);
}

function words(schema: SchemaShape, toSchema: string): string {
  const inner = (one: SchemaShape) => words(one, toSchema);
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `[${name}](${toSchema}${anchor(name)})`;
  }
  if (schema.enum) return isAction(schema.enum) ? 'an [action](events.md)' : listed(schema.enum);
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.anyOf) return schema.anyOf.map(inner).join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => inner({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'array':
      return `list of ${schema.items ? inner(schema.items) : 'any value'}`;
    case 'object':
      return objectInWords(schema, inner);
    case 'integer':
      return `integer${bounds(schema)}`;
    case 'string':
      return textInWords(schema);
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case undefined:
      return 'any value';
    default:
      return schema.type;
  }
}

function objectInWords({ properties, additionalProperties }: SchemaShape, inner: (one: SchemaShape) => string) {
  if (properties) {
    const fields = Object.entries(properties).map(([name, field]) => `${code(name)}: ${inner(field)}`);
    return `{ ${fields.join(', ')} }`;
  }
  return typeof additionalProperties === 'object' ? `map of string to ${inner(additionalProperties)}` : 'object';
}

const bounds = ({ minimum, maximum }: SchemaShape) => {
  if (minimum === undefined) return '';
  return maximum === undefined ? `, at least ${minimum}` : `, ${minimum}–${maximum}`;
};

function textInWords({ format, pattern, maxLength }: SchemaShape): string {
  if (format === 'date-time') return 'time (ISO 8601, UTC)';
  if (format) return format;
  if (pattern && pattern.length < 60 && !pattern.includes('\\p')) return `string matching ${code(pattern)}`;
  return maxLength === undefined ? 'string' : `string, at most ${maxLength}`;
}

/** The fields of an object, one row each. */
function fieldRows(schema: JsonSchema, toSchema?: string): string[][] {
  const { properties = {}, required = [] } = schemaShape.parse(schema);
  return Object.entries(properties).map(([name, field]) => [
    code(name),
    words(field, toSchema ?? '#'),
    required.includes(name) ? 'yes' : '',
  ]);
}

const titles = ['Field', 'Type', 'Required'];

/** A table of an object schema's fields, for pages other than the API's. */
export const fieldTable = (schema: JsonSchema) => markdownTable(titles, fieldRows(schema, 'api.md#'));

/** A section for every named schema: heading, description and fields. */
export const schemaSections = () =>
  Object.entries(componentSchemas()).flatMap(([name, schema]) => {
    const rows = fieldRows(schema);
    const form = rows.length > 0 ? markdownTable(titles, rows) : typeInWords(schema);
    return [`### ${name}`, ...(schema.description ? [`${schema.description}.`] : []), form];
  });
