import { auditCsv, csvHeader } from '#core/audit/audit-csv.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { systemStream } from '#core/contract/events/catalogue.ts';
import { verifyStream } from '#functions/audit/verify-stream.ts';
import { http } from '#functions/shell/http.ts';
import { exportPage, searchAudit } from '#stores/audit/audit-log.ts';
import { commit } from '#stores/registry/commit.ts';
import { reachableTenant } from './reachable-tenant.ts';

const lines = {
  ndjson: {
    contentType: 'application/x-ndjson',
    header: '',
    line: (event: AuditEvent) => `${JSON.stringify(event)}\n`,
  },
  csv: { contentType: 'text/csv; charset=utf-8', header: csvHeader, line: auditCsv },
};

export const handler = http('audit-api', {
  listTenantAudit: async (call) => {
    const { tenantId } = await reachableTenant(call);
    const { limit, cursor, ...filter } = call.query;
    return { body: await searchAudit(tenantId, filter, limit, cursor) };
  },

  verifyTenantAudit: async (call) => {
    const { tenantId } = await reachableTenant(call);
    return { body: await verifyStream(tenantId) };
  },

  exportTenantAudit: async (call) => {
    const { tenantId } = await reachableTenant(call);
    const { format, cursor, ...filter } = call.query;
    const { contentType, header, line } = lines[format];
    const { items, nextCursor } = await exportPage(tenantId, filter, cursor);
    if (cursor === undefined) {
      await commit({
        stream: tenantId,
        cause: call.cause,
        writes: [],
        audit: [{ action: 'audit.exported', target: { type: 'audit', id: tenantId }, after: { format } }],
      });
    }
    return {
      body: (cursor === undefined ? header : '') + items.map(line).join(''),
      headers: { 'content-type': contentType, ...(nextCursor !== undefined && { 'x-next-cursor': nextCursor }) },
    };
  },

  listSystemAudit: async ({ query: { limit, cursor, ...filter } }) => ({
    body: await searchAudit(systemStream, filter, limit, cursor),
  }),
});
