import * as z from 'zod';
import { auditEventSchema } from '#core/contract/events/catalogue.ts';
import {
  changedEvaluatorSchema,
  changedFlagSchema,
  deletedSchema,
  flipSchema,
  previewSchema,
  proposalSchema,
} from '#core/contract/model/flag-changes.ts';
import {
  evaluationSchema,
  evaluatorSchema,
  flagDefinitionSchema,
  flagSchema,
  flagSetDocumentSchema,
  overrideRequestSchema,
  overrideSchema,
} from '#core/contract/model/flags.ts';
import { limitsSchema } from '#core/contract/model/limits.ts';
import { operationSchema, stepSchema } from '#core/contract/model/operation.ts';
import { rotationStartedSchema, secretSchema, secretVersionSchema } from '#core/contract/model/secret.ts';
import { shardRegistrationSchema, shardSchema, shardUpdateSchema } from '#core/contract/model/shard.ts';
import {
  failureSchema,
  onboardingSchema,
  placementSchema,
  tenantSchema,
  tenantUpdateSchema,
} from '#core/contract/model/tenant.ts';
import { auditVerificationSchema } from './audit-query.ts';
import { problemSchema } from './http.ts';
import { ofrepFailureSchema, ofrepRequestSchema } from './ofrep.ts';
import { routeTable } from './routes.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const jsonValueSchema = auditEventSchema.shape.before.unwrap().valueType;

/** Schemas with names of their own; other bodies are named after their operations. */
const namedSchemas: Readonly<Record<string, readonly [z.ZodType, string]>> = {
  Tenant: [tenantSchema, 'A tenant'],
  Placement: [placementSchema, "A tenant's shard and namespace; `epoch` grows with every move"],
  Limits: [limitsSchema, 'A rate limit: `burst` requests at once, and `requestsPerSecond` on average'],
  Failure: [failureSchema, 'The failed step and the reason'],
  OnboardingRequest: [onboardingSchema, 'A request to onboard a tenant'],
  TenantUpdate: [tenantUpdateSchema, 'Fields of a tenant to change; at least one is required'],
  Operation: [operationSchema, 'A running or finished operation on a tenant'],
  Step: [stepSchema, 'One step of an operation; `attempts` includes retries'],
  AuditEvent: [auditEventSchema, 'One entry of an audit stream, chained to the previous one by its hash'],
  AuditVerification: [auditVerificationSchema, 'Whether an audit chain is intact, and its first fault'],
  JsonValue: [jsonValueSchema, 'Any JSON value'],
  Secret: [secretSchema, "A tenant's secret, without its values"],
  SecretVersion: [secretVersionSchema, 'One version of a secret, and its staging labels'],
  RotationStarted: [rotationStartedSchema, 'A rotation that was started'],
  Shard: [
    shardSchema,
    'A Postgres cluster that tenants are placed on; `range` is the range of tenant id hashes it serves',
  ],
  ShardRegistration: [
    shardRegistrationSchema,
    'A shard to add: a shared shard requires a range, a dedicated shard has none',
  ],
  ShardUpdate: [shardUpdateSchema, 'Fields of a shard to change; at least one is required'],
  Flag: [flagSchema, 'A flag: its definition and version'],
  FlagDefinition: [flagDefinitionSchema, "flagd's flag format, extended by owner, expiry, prerequisites and schedule"],
  ChangedFlag: [changedFlagSchema, 'A flag after a change, and the operation that propagates the change to tenants'],
  Evaluator: [evaluatorSchema, 'A shared rule, which flags refer to by `$ref`'],
  ChangedEvaluator: [changedEvaluatorSchema, 'A shared rule after a change, and the operation that propagates it'],
  Deleted: [deletedSchema, 'The deleted flag or evaluator, and the version of its deletion'],
  FlagSet: [flagSetDocumentSchema, 'The whole flag set as a flagd document'],
  Override: [overrideSchema, 'A variant overridden for one tenant'],
  OverrideRequest: [overrideRequestSchema, 'The variant to serve, and the reason'],
  Evaluation: [
    evaluationSchema,
    "One flag evaluated for one tenant; without `value` the application's own default applies",
  ],
  Flip: [flipSchema, 'A flag whose value changes for one tenant'],
  Preview: [previewSchema, 'Every flip that a change causes'],
  Proposal: [proposalSchema, 'A change proposed for approval by a second administrator'],
  OfrepRequest: [ofrepRequestSchema, 'An evaluation request'],
  OfrepFailure: [ofrepFailureSchema, 'Why a flag was not evaluated, with an OpenFeature error code'],
  Problem: [problemSchema, 'An error as in RFC 9457; `code` is from the error catalogue'],
};

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const names = new Map<z.ZodType, string>(Object.entries(namedSchemas).map(([name, [schema]]) => [schema, name]));
for (const { operationId, body, answer, accepted } of routeTable) {
  if (body && !names.has(body)) names.set(body, `${capitalised(operationId)}Request`);
  if (accepted && !names.has(accepted)) names.set(accepted, `${capitalised(operationId)}Accepted`);
  if (!answer.contentType && !names.has(answer.body)) names.set(answer.body, `${capitalised(operationId)}Answer`);
}

const registry = z.registry<{ id: string; description?: string }>();
for (const [schema, id] of names) {
  const description = namedSchemas[id]?.[1];
  registry.add(schema, { id, ...(description === undefined ? {} : { description }) });
}

/** Drops noise: zod's date pattern, and the safe-integer bounds of every number. */
const conversion = {
  io: 'input',
  override: ({ jsonSchema }: { jsonSchema: JsonSchema }) => {
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  },
} as const;

/** Drops `$schema` and `$id`: OpenAPI sets the dialect for the whole document, and addresses components by path. */
const asComponent = ({ $schema: _dialect, $id: _place, ...schema }: JsonSchema): JsonSchema => schema;

const componentOf = (name: string) => `#/components/schemas/${name}`;

/** Every schema that bodies refer to, by name, for `components.schemas`. */
export function componentSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(registry, { ...conversion, metadata: registry, uri: componentOf });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, asComponent(schema)]));
}

/** A `$ref` to a body's component. */
export function schemaRef(schema: z.ZodType): JsonSchema {
  const name = names.get(schema);
  if (name === undefined) throw new Error('The schema is not the body of any route, so it has no component');
  return { $ref: componentOf(name) };
}

/** The JSON Schema of a parameter, inlined. */
export const inlineSchema = (schema: z.ZodType): JsonSchema => asComponent(z.toJSONSchema(schema, conversion));
