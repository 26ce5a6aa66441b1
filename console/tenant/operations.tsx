import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { LiveOperation } from '#console/operations/live-operation.tsx';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { usePages } from '#console/shared/use-pages.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';

const aPage = 5;

/** The tenant's operations, newest first. */
export const Operations = ({ tenant }: { tenant: Tenant }) => {
  // Every change is followed by a refetch, so an operation started by a retry appears here.
  const pages = usePages('listOperations', { params: { tenant: tenant.tenantId } }, aPage);
  if (pages.error) return <ProblemAlert error={pages.error} retry={pages.refetch} />;
  if (pages.isLoading) return <Spinner size="large" />;
  return (
    <SpaceBetween size="l">
      {pages.items.map((operation) => (
        <LiveOperation key={operation.id} listed={operation} />
      ))}
      {pages.items.length === 0 && (
        <Container header={<Header variant="h2">Operations</Header>}>
          <Box color="text-body-secondary">There are no operations yet.</Box>
        </Container>
      )}
      {(pages.count > 1 || pages.isOpen) && (
        <Pagination
          currentPageIndex={pages.page}
          pagesCount={pages.count}
          openEnd={pages.isOpen}
          onChange={({ detail }) => pages.goTo(detail.currentPageIndex)}
        />
      )}
    </SpaceBetween>
  );
};
