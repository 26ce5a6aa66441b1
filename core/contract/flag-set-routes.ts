import * as z from 'zod';
import { auditQuerySchema } from './audit-query.ts';
import { auditEventSchema } from './events.ts';
import {
  changedEvaluatorSchema,
  changedFlagSchema,
  deletedSchema,
  importAnswerSchema,
  previewSchema,
  proposalSchema,
  proposalStatuses,
} from './flag-changes.ts';
import { because, changesFlags, readsFlags, truth } from './flag-routes.ts';
import { evaluatorSchema, flagSetDocumentSchema, reasonSchema, ruleSchema } from './flags.ts';
import { listOf, pageQuery, type Route } from './http.ts';

const tag = 'flags';

/** The largest flag set taken in one piece. */
const maxFlagSetBytes = 1_048_576;

/** Shared rules, the set as a whole, and the changes that wait for a second administrator. */
export const flagSetRoutes = {
  listEvaluators: {
    method: 'GET',
    path: '/v1/evaluators',
    summary: 'List the rules that flags share by `$ref`',
    tag,
    access: readsFlags,
    query: z.strictObject(pageQuery),
    answer: { status: 200, body: listOf(evaluatorSchema) },
  },
  getEvaluator: {
    method: 'GET',
    path: '/v1/evaluators/{name}',
    summary: 'Read a shared rule',
    tag,
    access: readsFlags,
    sets: ['ETag'],
    answer: { status: 200, body: evaluatorSchema },
  },
  putEvaluator: {
    method: 'PUT',
    path: '/v1/evaluators/{name}',
    summary: 'Make or change a shared rule; it waits as a proposal where a flag that uses it demands approval',
    tag,
    access: changesFlags,
    query: because,
    body: z.strictObject({ rule: ruleSchema }),
    reads: ['If-Match', 'If-None-Match'],
    sets: ['ETag'],
    errors: ['version_conflict', 'in_use'],
    answer: { status: 200, body: changedEvaluatorSchema },
    accepted: proposalSchema,
  },
  deleteEvaluator: {
    method: 'DELETE',
    path: '/v1/evaluators/{name}',
    summary: 'Delete a shared rule that nothing refers to',
    tag,
    access: changesFlags,
    query: because,
    reads: ['If-Match'],
    errors: ['version_conflict', 'in_use'],
    answer: { status: 200, body: deletedSchema },
  },
  previewEvaluator: {
    method: 'POST',
    path: '/v1/evaluators/{name}/preview',
    summary: 'Tell which tenants a shared rule would give another value, without changing anything',
    tag,
    access: readsFlags,
    query: z.strictObject(pageQuery),
    body: z.strictObject({ rule: ruleSchema }),
    errors: ['in_use'],
    answer: { status: 200, body: previewSchema },
  },
  getFlagSet: {
    method: 'GET',
    path: '/v1/flagset',
    summary: 'Export the whole set as a flagd document, as it is or as it was at a version',
    tag,
    access: readsFlags,
    query: z.strictObject({ version: z.coerce.number().int().min(0).optional() }),
    sets: ['ETag'],
    answer: { status: 200, body: flagSetDocumentSchema },
  },
  putFlagSet: {
    method: 'PUT',
    path: '/v1/flagset',
    summary: 'Replace the whole set as one change, or with `dryRun=true` tell what would change',
    tag,
    access: changesFlags,
    query: z.strictObject({ dryRun: truth.default(false), reason: reasonSchema.optional(), ...pageQuery }),
    body: flagSetDocumentSchema,
    maxBodyBytes: maxFlagSetBytes,
    reads: ['If-Match'],
    sets: ['ETag'],
    errors: ['version_conflict', 'in_use', 'approval_required'],
    answer: { status: 200, body: importAnswerSchema },
  },
  listFlagSetAudit: {
    method: 'GET',
    path: '/v1/flagset/audit',
    summary: 'Search the audit events of imports and shared rules, newest first',
    tag,
    access: readsFlags,
    query: auditQuerySchema,
    answer: { status: 200, body: listOf(auditEventSchema) },
  },
  listProposals: {
    method: 'GET',
    path: '/v1/proposals',
    summary: 'List changes that wait for approval, or were decided, newest first',
    tag,
    access: readsFlags,
    query: z.strictObject({ status: z.enum(proposalStatuses).optional(), ...pageQuery }),
    answer: { status: 200, body: listOf(proposalSchema) },
  },
  getProposal: {
    method: 'GET',
    path: '/v1/proposals/{proposal}',
    summary: 'Read a change that waits for approval, or was decided',
    tag,
    access: readsFlags,
    answer: { status: 200, body: proposalSchema },
  },
  approveProposal: {
    method: 'POST',
    path: '/v1/proposals/{proposal}/approve',
    summary: 'Approve a change that another administrator proposed, and make it',
    tag,
    access: changesFlags,
    query: because,
    errors: ['version_conflict', 'in_use', 'approval_required', 'invalid_transition'],
    answer: { status: 200, body: proposalSchema.extend({ operationId: changedFlagSchema.shape.operationId }) },
  },
  rejectProposal: {
    method: 'POST',
    path: '/v1/proposals/{proposal}/reject',
    summary: 'Refuse a change that waits for approval, or withdraw it',
    tag,
    access: changesFlags,
    query: because,
    errors: ['invalid_transition'],
    answer: { status: 200, body: proposalSchema },
  },
} as const satisfies Record<string, Route>;
