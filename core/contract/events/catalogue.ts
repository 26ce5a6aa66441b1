import * as z from 'zod';
import { roleSchema } from '#core/contract/api/roles.ts';
import { onboardingSchema, printable, suspensionSchema } from '#core/contract/model/tenant.ts';

/** The id or the slug of a tenant. */
const tenantReference = z.string().min(1).max(64);

/** What may be put on the bus by anyone, and what each must carry; unknown fields are left out. */
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
 * The one vocabulary of what happened: action of an audit event and detail-type on the bus.
 * `about` says in one line when it is written.
 */
export const actions = {
  'tenant.registered': { about: 'A tenant was asked for; its slug and request are kept.' },
  'tenant.placed': { about: 'A place on a shard was claimed for the tenant.' },
  'tenant.provisioned': { about: 'Namespace, database role and secret of the tenant exist.' },
  'tenant.schema.seeded': { about: 'The application schema is in place and passed the isolation check.' },
  'tenant.flags.loaded': {
    about: 'The flags of the onboarding request were written as overrides, and every flag was evaluated.',
  },
  'tenant.activated': { about: 'The tenant passed its health check and is in service.' },
  'tenant.onboarding.failed': { about: 'A step of the onboarding failed; its roll-back begins.' },
  'tenant.rolled-back': { about: 'Everything made for the tenant is undone.' },
  'tenant.rollback.failed': { about: 'A roll-back failed; it is tried again by a schedule.' },
  'tenant.rollback.resumed': { about: 'A roll-back that had failed is tried again.' },
  'tenant.onboarding.retried': { about: 'A failed onboarding was started again.' },
  'tenant.suspended': {
    about: 'The tenant was suspended: its users, its database login and its sessions are refused.',
  },
  'tenant.access.closed': { about: "The tenant's database login was closed and its sessions ended." },
  'tenant.resumption.started': { about: 'A suspended tenant is being put back into service.' },
  'tenant.access.opened': { about: "The tenant's database login was opened again." },
  'tenant.resumed': { about: 'The suspended tenant passed its health check and is in service again.' },
  'operation.failed': { about: 'An operation failed; what it made is undone, or it ended for people to look at.' },
  'operation.rolled-back': { about: 'What an operation had done is undone; the tenant is as it was before.' },
  'operation.undo.progressed': {
    about: 'A part of what an operation made was removed; there is more than fits into one transaction.',
  },
  'tenant.updated': { about: 'Name, metadata, administrator or limits of the tenant changed.' },
  'user.invited': { about: 'A user of the tenant was made.' },
  'flag.changed': {
    about: "A flag's definition changed; in a tenant's stream: what the flag gives the tenant changed with it.",
  },
  'flag.proposed': { about: 'A change of a flag or evaluator waits for the approval of a second administrator.' },
  'flag.proposal.rejected': { about: 'A change that waited for approval was refused.' },
  'evaluator.changed': { about: 'A rule that flags share changed.' },
  'flagset.imported': { about: 'The whole flag set was replaced, as one change.' },
  'user.activated': { about: 'An invited user signed in for the first time.' },
  'user.changed': { about: 'The role of a user changed, or it was disabled or let in again.' },
  'user.removed': { about: 'A user of the tenant was removed.' },
  'flag.override.changed': { about: "A flag's variant was fixed for the tenant, or set free." },
  'secret.created': { about: 'A secret of the tenant was made.' },
  'secret.accessed': { about: 'A secret of the tenant was read.' },
  'secret.rotation.requested': { about: 'Someone asked for a new password of the tenant.' },
  'secret.rotated': {
    about: "A secret of the tenant got a new value, in Secrets Manager and in the tenant's database.",
  },
  'secret.rotation.failed': {
    about: 'A rotation failed; the secret that was current still is, and it is tried again.',
  },
  'secret.deleted': { about: 'A secret of the tenant was deleted.' },
  'health.checked': { about: 'The tenant was tried from end to end, with its own credentials.' },
  'shard.changed': { about: 'A shard was added, or its capacity or state changed.' },
  'audit.exported': { about: "A tenant's audit events were exported." },
  'access.denied': { about: 'A role asked for what it may not do.' },
  'event.rejected': { about: 'An event on the bus was malformed or refused; it is kept as a dead letter.' },
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
/** What changed of the flag set as a whole, and of the rules that flags share. */
export const flagSetStream = 'FLAGSET';
const flagStreamPrefix = 'FLAG#';
/** What changed of one flag. */
export const flagStream = (flagKey: string) => `${flagStreamPrefix}${flagKey}`;
export const isTenantStream = (stream: string) =>
  stream !== systemStream && stream !== flagSetStream && !stream.startsWith(flagStreamPrefix);
