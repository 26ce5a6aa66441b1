import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useParams } from 'react-router';
import { useLeaf } from '#console/shared/leaf.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { NotFound } from '#console/shell/not-found.tsx';
import { ProblemError } from '#core/contract/api/client.ts';
import { LiveOperation } from './live-operation.tsx';
import { SubjectLink } from './subject-link.tsx';

/** One operation of any kind, live while it runs. */
export const OperationPage = () => {
  const { operation = '' } = useParams();
  const { data, error, refetch } = useAnswer('getOperation', { params: { operation } });
  useTitle('Operation');
  useLeaf(operation);
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  return (
    <SpaceBetween size="m">
      <Header variant="h1" description={<SubjectLink subject={data.subject} />}>
        Operation
      </Header>
      <LiveOperation listed={data} />
    </SpaceBetween>
  );
};
