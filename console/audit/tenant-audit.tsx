import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { usePages } from '#console/shared/use-pages.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { auditQueryOf, auditTokensOf } from './audit-query.ts';
import { AuditTable } from './audit-table.tsx';
import { ExportButton } from './export-button.tsx';
import { VerifyButton } from './verify-button.tsx';

/** A tenant's audit events: search, export and verify. */
export const TenantAudit = ({ tenant: { tenantId, slug } }: { tenant: Tenant }) => {
  const { can } = useSession();
  const [address] = useSearchParams();
  const query = useMemo(() => auditQueryOf(auditTokensOf(address)), [address]);
  const pages = usePages('listTenantAudit', { params: { tenant: tenantId }, query });
  return (
    <AuditTable
      title="Audit"
      heading="h2"
      pages={pages}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {can('verifyTenantAudit') && <VerifyButton tenantId={tenantId} />}
          {can('exportTenantAudit') && <ExportButton tenantId={tenantId} slug={slug} query={query} />}
        </SpaceBetween>
      }
    />
  );
};
