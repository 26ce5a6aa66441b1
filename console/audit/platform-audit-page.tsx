import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { usePages } from '#console/shared/use-pages.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { auditQueryOf, auditTokensOf } from './audit-query.ts';
import { AuditTable } from './audit-table.tsx';

/** What belongs to no tenant: shards, refused events, and access denied to the platform's own people. */
export const PlatformAuditPage = () => {
  useTitle('Platform audit');
  const [address] = useSearchParams();
  const query = useMemo(() => auditQueryOf(auditTokensOf(address)), [address]);
  const pages = usePages('listSystemAudit', { query });
  return <AuditTable title="Platform audit" heading="h1" pages={pages} />;
};
