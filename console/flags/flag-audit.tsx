import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { auditQueryOf, auditTokensOf } from '#console/audit/audit-query.ts';
import { AuditTable } from '#console/audit/audit-table.tsx';
import { usePages } from '#console/shared/use-pages.ts';
import type { Flag } from '#core/contract/model/flags.ts';

/** The flag's audit events. */
export const FlagAudit = ({ flag: { key } }: { flag: Flag }) => {
  const [address] = useSearchParams();
  const query = useMemo(() => auditQueryOf(auditTokensOf(address)), [address]);
  const pages = usePages('listFlagAudit', { params: { key }, query });
  return <AuditTable title="Audit" heading="h2" pages={pages} />;
};
