import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { betweenText } from '#console/shared/duration.ts';
import { Status } from '#console/shared/status.tsx';
import { Time } from '#console/shared/time.tsx';
import type { Operation, Step } from '#core/contract/model/operation.ts';
import { detailTexts, progressText } from '#core/contract/model/operation-texts.ts';
import { kindsOnFailure, operationKinds } from '#core/operation/kinds.ts';
import { WorkflowPicture } from './workflow-picture.tsx';

/** One operation, with its workflow and steps. */
export const OperationCard = ({ operation }: { operation: Operation }) => {
  const { title, about } = operationKinds[operation.kind];
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
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Box color="text-body-secondary">{about}</Box>
        <OperationFailure operation={operation} />
        <OperationFacts operation={operation} />
        <OperationProgress operation={operation} />
        <WorkflowPicture operation={operation} />
        <Table variant="embedded" trackBy="name" items={operation.steps} columnDefinitions={columns} wrapLines />
      </SpaceBetween>
    </Container>
  );
};

/** Why it failed; for one that only goes forward, that it goes on. */
const OperationFailure = ({ operation }: { operation: Operation }) => {
  const { failure, kind, status } = operation;
  if (!failure) return null;
  const isRestarted = status === 'running' && kindsOnFailure('resume', 'alarm').includes(kind);
  return (
    <Alert type={isRestarted ? 'warning' : 'error'} header={`${failure.step} failed: ${failure.code}`}>
      {failure.message}
      {isRestarted && <div>It is restarted within a minute.</div>}
    </Alert>
  );
};

const OperationFacts = ({ operation }: { operation: Operation }) => {
  const facts = { Reason: operation.reason, Restarts: operation.restarts, ...detailTexts(operation) };
  const items = Object.entries(facts).flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
  return items.length > 0 && <KeyValuePairs columns={4} items={items} />;
};

const OperationProgress = ({ operation }: { operation: Operation }) => {
  const { progress, status } = operation;
  if (!progress) return null;
  const { done, total } = progress;
  return (
    <ProgressBar
      label="Progress"
      value={total ? (done / total) * 100 : Number(status === 'succeeded') * 100}
      additionalInfo={progressText(operation)}
    />
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
