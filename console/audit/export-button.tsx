import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useMutation } from '@tanstack/react-query';
import type { Api } from '#console/session/api.ts';
import { useSession } from '#console/session/session.tsx';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import type { AuditQuery } from './audit-query.ts';

const formats = {
  ndjson: { text: 'JSON Lines', type: 'application/x-ndjson' },
  csv: { text: 'CSV', type: 'text/csv' },
} as const;
type Format = keyof typeof formats;

interface ExportButtonProps {
  tenantId: string;
  slug: string;
  query: AuditQuery;
}

/** Saves all events that match the filter as one file. */
export const ExportButton = ({ tenantId, slug, query }: ExportButtonProps) => {
  const { api } = useSession();
  const exporting = useMutation({
    mutationFn: async (format: Format) => {
      const parts = await readAll(api, tenantId, { ...query, format });
      save(new Blob(parts, { type: formats[format].type }), `${slug}-audit.${format}`);
    },
  });
  return (
    <>
      <ButtonDropdown
        loading={exporting.isPending}
        items={Object.entries(formats).map(([id, { text }]) => ({ id, text }))}
        onItemClick={({ detail }) => exporting.mutate(detail.id === 'csv' ? 'csv' : 'ndjson')}
      >
        Export
      </ButtonDropdown>
      <ProblemModal error={exporting.error} onDismiss={exporting.reset} />
    </>
  );
};

const readAll = async (api: Api, tenantId: string, query: AuditQuery & { format: Format }): Promise<string[]> => {
  const parts: string[] = [];
  let cursor: string | undefined;
  do {
    const { headers, body } = await api.stream('exportTenantAudit', {
      params: { tenant: tenantId },
      query: { ...query, cursor },
    });
    parts.push(await new Response(body).text());
    cursor = headers.get('x-next-cursor') ?? undefined;
  } while (cursor !== undefined);
  return parts;
};

const save = (file: Blob, name: string) => {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
};
