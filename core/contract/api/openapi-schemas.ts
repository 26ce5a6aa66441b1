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

/** Schemas with a name of their own; every other body is named after its operation. */
const namedSchemas: Readonly<Record<string, readonly [z.ZodType, string]>> = {
  Tenant: [tenantSchema, 'A tenant as the registry knows it'],
  Placement: [placementSchema, 'Where a tenant lives; `epoch` grows with every move'],
  Limits: [limitsSchema, 'How often a caller may call: so many requests at once, and so many a second in the long run'],
  Failure: [failureSchema, 'The step that failed, and why'],
  OnboardingRequest: [onboardingSchema, 'What is asked for when a tenant is onboarded'],
  TenantUpdate: [tenantUpdateSchema, 'What of a tenant may be changed; at least one field is needed'],
  Operation: [operationSchema, 'Work under way for a tenant, or done'],
  Step: [stepSchema, 'One step of an operation; `attempts` counts retries too'],
  AuditEvent: [auditEventSchema, 'One entry of an audit stream, chained to the one before by its hash'],
  AuditVerification: [auditVerificationSchema, 'Whether an audit chain holds, and its first fault'],
  JsonValue: [jsonValueSchema, 'Any JSON value'],
  Secret: [secretSchema, "A tenant's secret without its values"],
  SecretVersion: [secretVersionSchema, 'One value of a secret, and the stages that name it'],
  RotationStarted: [rotationStartedSchema, 'A rotation that was asked for'],
  Shard: [shardSchema, 'A Postgres cluster that tenants are placed on; `range` is of the hash of tenant ids'],
  ShardRegistration: [shardRegistrationSchema, 'A shard to add: a shared one needs a range, a dedicated one has none'],
  ShardUpdate: [shardUpdateSchema, 'What of a shard may be changed; at least one field is needed'],
  Flag: [flagSchema, 'A flag: its definition and the version of it'],
  FlagDefinition: [
    flagDefinitionSchema,
    "flagd's flag format, and beside it who owns the flag, until when, after what",
  ],
  ChangedFlag: [changedFlagSchema, 'A flag after a change, and the operation that carries the change to its tenants'],
  Evaluator: [evaluatorSchema, 'A rule that flags share by `$ref`'],
  ChangedEvaluator: [changedEvaluatorSchema, 'A shared rule after a change, and the operation that carries it'],
  Deleted: [deletedSchema, 'What was deleted, and the version that its deletion is'],
  FlagSet: [flagSetDocumentSchema, 'The whole set as a flagd document'],
  Override: [overrideSchema, 'A variant fixed for one tenant'],
  OverrideRequest: [overrideRequestSchema, 'The variant to fix, and why'],
  Evaluation: [evaluationSchema, "One flag for one tenant; without `value` the application's own default applies"],
  Flip: [flipSchema, 'One flag of one tenant that a change gives another value'],
  Preview: [previewSchema, 'Every flip of a change'],
  Proposal: [proposalSchema, 'A change that waits for a second administrator, or was decided'],
  OfrepRequest: [ofrepRequestSchema, 'What a flag is evaluated with'],
  OfrepFailure: [ofrepFailureSchema, 'Why a flag was not evaluated, in the words of OpenFeature'],
  Problem: [problemSchema, 'An error as in RFC 9457; `code` is of the error catalogue'],
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

/** Leaves out what says nothing to a reader: zod's own pattern of a date, and the bounds of every exact number. */
const conversion = {
  io: 'input',
  override: ({ jsonSchema }: { jsonSchema: JsonSchema }) => {
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  },
} as const;

/** OpenAPI names the dialect for the whole document, and a component by its place in it. */
const asComponent = ({ $schema: _dialect, $id: _place, ...schema }: JsonSchema): JsonSchema => schema;

const componentOf = (name: string) => `#/components/schemas/${name}`;

/** Every schema that bodies refer to, by its name in `components.schemas`. */
export function componentSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(registry, { ...conversion, metadata: registry, uri: componentOf });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, asComponent(schema)]));
}

/** A reference to a body's component. */
export function schemaRef(schema: z.ZodType): JsonSchema {
  const name = names.get(schema);
  if (name === undefined) throw new Error('A body that is in no route has no component');
  return { $ref: componentOf(name) };
}

/** The JSON Schema of a parameter, written out in place. */
export const inlineSchema = (schema: z.ZodType): JsonSchema => asComponent(z.toJSONSchema(schema, conversion));
