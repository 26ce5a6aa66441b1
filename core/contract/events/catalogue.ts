import * as z from 'zod';
import { roleSchema } from '#core/contract/api/roles.ts';
import { onboardingSchema, printable, suspensionSchema } from '#core/contract/model/tenant.ts';

/** The id or the slug of a tenant. */
const tenantReference = z.string().min(1).max(64);

/** Events that anyone may put on the bus, and the fields each requires; unknown fields are dropped. */
export const inboundEvents = {
  'tenant.onboarding.requested': z.object({ requestId: printable(128), ...onboardingSchema.shape }),
  'tenant.suspension.requested': z.object({
    requestId: printable(128),
    tenant: tenantReference,
    ...suspensionSchema.shape,
  }),
  'tenant.resumption.requested': z.object({
    requestId: printable(128),
    tenant: tenantReference,
    ...suspensionSchema.shape,
  }),
} as const;
export type InboundEventName = keyof typeof inboundEvents;
export const inboundEventNames = Object.keys(inboundEvents) as InboundEventName[];
export type InboundEvent<Name extends InboundEventName> = z.infer<(typeof inboundEvents)[Name]>;

/**
 * Everything that can happen: each name is both the action of an audit event and a detail-type on the bus.
 * `about` is one line on when it is written.
 */
export const actions = {
  'tenant.registered': { about: 'A tenant was requested; its slug is reserved and its request stored.' },
  'tenant.placed': { about: 'The tenant was assigned to a shard.' },
  'tenant.provisioned': { about: "The tenant's namespace, database role and secret exist." },
  'tenant.schema.seeded': { about: 'The application schema is in place and passed the isolation check.' },
  'tenant.flags.loaded': {
    about: 'The flags of the onboarding request were written as overrides, and every flag was evaluated.',
  },
  'tenant.activated': { about: 'The tenant passed its health check and is active.' },
  'tenant.onboarding.failed': { about: 'A step of the onboarding failed; the roll-back begins.' },
  'tenant.rolled-back': { about: 'Everything created for the tenant was removed.' },
  'tenant.rollback.failed': { about: 'A roll-back failed; it is retried on a schedule.' },
  'tenant.rollback.resumed': { about: 'A failed roll-back was started again.' },
  'tenant.onboarding.retried': { about: 'A failed onboarding was started again.' },
  'tenant.suspended': { about: 'The tenant was suspended; its users and its database login are refused.' },
  'tenant.access.closed': { about: "The tenant's database login was closed and its sessions ended." },
  'tenant.sessions.revoked': { about: 'AWS credentials issued for the tenant are refused.' },
  'tenant.resumption.started': { about: 'The resumption of a suspended tenant began.' },
  'tenant.access.opened': { about: "The tenant's database login was opened again." },
  'tenant.resumed': { about: 'The suspended tenant passed its health check and is active again.' },
  'operation.failed': { about: 'An operation failed; it is rolled back, or needs attention.' },
  'operation.rolled-back': { about: 'An operation was rolled back; the tenant is as it was before.' },
  'operation.undo.progressed': {
    about: 'Part of what an operation created was removed; the rest follows in further transactions.',
  },
  'tenant.updated': { about: 'The name, metadata, administrator or limits of the tenant changed.' },
  'user.invited': { about: 'A user was invited to the tenant.' },
  'flag.changed': {
    about: "A flag's definition changed; in a tenant's stream: the flag's value for this tenant changed.",
  },
  'flag.proposed': { about: 'A change to a flag or evaluator awaits approval by a second administrator.' },
  'flag.proposal.rejected': { about: 'A proposed change was rejected.' },
  'evaluator.changed': { about: 'A shared rule changed.' },
  'flagset.imported': { about: 'The whole flag set was replaced, as one change.' },
  'user.activated': { about: 'An invited user signed in for the first time.' },
  'user.changed': { about: "A user's role changed, or the user was disabled or enabled." },
  'user.removed': { about: 'A user of the tenant was removed.' },
  'flag.override.changed': { about: 'An override of a flag was set or removed for the tenant.' },
  'secret.created': { about: 'A secret of the tenant was created.' },
  'secret.accessed': { about: 'A secret of the tenant was read.' },
  'secret.rotation.requested': { about: 'Someone requested a new password for the tenant.' },
  'secret.rotated': {
    about: "A secret of the tenant got a new value, in Secrets Manager and in the tenant's database.",
  },
  'secret.rotation.failed': {
    about: 'A rotation failed; the current secret stays valid, and the rotation is retried.',
  },
  'secret.deleted': { about: 'A secret of the tenant was deleted.' },
  'health.checked': { about: 'The tenant was checked end to end, with its own credentials.' },
  'shard.changed': { about: 'A shard was added, or its capacity or state changed.' },
  'audit.exported': { about: "A tenant's audit events were exported." },
  'access.denied': { about: 'A request was refused because the role lacks the permission.' },
  'event.rejected': { about: 'An event on the bus was malformed or refused; it is in the dead-letter queue.' },
} as const satisfies Record<string, { about: string }>;
export type Action = keyof typeof actions;
export const actionNames = Object.keys(actions) as [Action, ...Action[]];

export const actorSchema = z.object({
  type: z.enum(['user', 'service', 'schedule', 'system']),
  id: z.string(),
  role: roleSchema.optional(),
});
export type Actor = z.infer<typeof actorSchema>;

const changedFields = z.record(z.string(), z.json());

export const auditEventSchema = z.object({
  id: z.string(),
  /** Position in its stream, from 1, without gaps. */
  seq: z.int().min(1),
  /** The stream: a tenant, `SYSTEM`, `FLAGSET`, or `FLAG#<key>`. */
  tenantId: z.string(),
  time: z.iso.datetime(),
  action: z.enum(actionNames),
  actor: actorSchema,
  target: z.object({ type: z.string(), id: z.string() }),
  requestId: z.string(),
  operationId: z.string().optional(),
  source: z.object({ ip: z.string().optional(), userAgent: z.string().optional() }),
  before: changedFields.optional(),
  after: changedFields.optional(),
  reason: z.string().optional(),
  prevHash: z.string(),
  /** SHA-256, in hex, over the RFC 8785 form of every other field. */
  hash: z.string(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

export const systemStream = 'SYSTEM';
/** Changes to the flag set as a whole and to shared rules. */
export const flagSetStream = 'FLAGSET';
const flagStreamPrefix = 'FLAG#';
/** The stream of changes to one flag. */
export const flagStream = (flagKey: string) => `${flagStreamPrefix}${flagKey}`;
export const isTenantStream = (stream: string) =>
  stream !== systemStream && stream !== flagSetStream && !stream.startsWith(flagStreamPrefix);
