import * as z from 'zod';
import { actionNames } from '#core/contract/events/catalogue.ts';
import { pageQuery } from './http.ts';

const auditFilter = {
  actor: z.string().min(1).max(256).optional(),
  action: z.enum(actionNames).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Text to find anywhere in the event. */
  q: z.string().min(1).max(256).optional(),
};

const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  from === undefined || to === undefined || Date.parse(from) <= Date.parse(to);
const misordered = { path: ['to'], message: 'must not be before from' };

/** The filters of a search in an audit stream. */
export const auditQuerySchema = z.strictObject({ ...auditFilter, ...pageQuery }).refine(inOrder, misordered);

export const auditExportSchema = z
  .strictObject({ format: z.enum(['ndjson', 'csv']).default('ndjson'), ...auditFilter, cursor: pageQuery.cursor })
  .refine(inOrder, misordered);

/** The result of `audit verify`: how many events are valid, and the first fault. */
export const auditVerificationSchema = z.object({
  valid: z.boolean(),
  events: z.int().min(0),
  fault: z
    .object({ seq: z.int(), kind: z.enum(['changed', 'missing', 'reordered', 'head']), message: z.string() })
    .optional(),
});
export type AuditVerification = z.infer<typeof auditVerificationSchema>;
