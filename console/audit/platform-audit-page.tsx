import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { usePages } from '#console/shared/use-pages.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { auditQueryOf, auditTokensOf } from './audit-query.ts';
import { AuditTable } from './audit-table.tsx';

/** Audit events that belong to no tenant: shards, rejected events, and access denied to platform roles. */
export const PlatformAuditPage = () => {
  useTitle('Platform audit');
  const [address] = useSearchParams();
  const query = useMemo(() => auditQueryOf(auditTokensOf(address)), [address]);
  const pages = usePages('listSystemAudit', { query });
  return <AuditTable title="Platform audit" heading="h1" pages={pages} />;
};
