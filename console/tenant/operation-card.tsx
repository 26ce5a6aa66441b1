import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { betweenText } from '#console/shared/duration.ts';
import { Status } from '#console/shared/status.tsx';
import { Time } from '#console/shared/time.tsx';
import type { Operation, Step } from '#core/contract/model/operation.ts';
import { WorkflowPicture } from './workflow-picture.tsx';

/** One operation, with its workflow and steps. */
export const OperationCard = ({ operation }: { operation: Operation }) => {
  const took = betweenText(operation.startedAt, operation.endedAt);
  return (
    <Container
      header={
        <Header
          variant="h2"
          info={<Status of={operation.status} />}
          description={
            <>
              <code>{operation.id}</code> · <Time value={operation.startedAt} />
              {took && <> · took {took}</>}
            </>
          }
        >
          {operation.kind}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {operation.failure && (
          <Alert type="error" header={`${operation.failure.step} failed: ${operation.failure.code}`}>
            {operation.failure.message}
          </Alert>
        )}
        <WorkflowPicture operation={operation} />
        <Table variant="embedded" trackBy="name" items={operation.steps} columnDefinitions={columns} wrapLines />
      </SpaceBetween>
    </Container>
  );
};

const columns = [
  { id: 'name', header: 'Step', minWidth: 120, isRowHeader: true, cell: ({ name }: Step) => name },
  { id: 'status', header: 'Status', minWidth: 130, cell: ({ status }: Step) => <Status of={status} /> },
  { id: 'startedAt', header: 'Started', minWidth: 190, cell: ({ startedAt }: Step) => <Time value={startedAt} /> },
  {
    id: 'took',
    header: 'Duration',
    minWidth: 90,
    cell: ({ startedAt, endedAt }: Step) => betweenText(startedAt, endedAt) ?? '–',
  },
  { id: 'attempts', header: 'Attempts', minWidth: 100, cell: ({ attempts }: Step) => attempts },
  {
    id: 'error',
    header: 'Error',
    minWidth: 160,
    cell: ({ error }: Step) => (error ? `${error.code}: ${error.message}` : '–'),
  },
];
