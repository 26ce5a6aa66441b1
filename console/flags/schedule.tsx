import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useSession } from '#console/session/session.tsx';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import { Time } from '#console/shared/time.tsx';
import type { Flag, ScheduledChange } from '#core/contract/model/flags.ts';
import { definitionOf } from './definition-text.ts';
import { ScheduleModal } from './schedule-modal.tsx';
import { inOrder, scheduledText } from './schedule-text.ts';
import { usePutFlag } from './use-put-flag.ts';

/** The scheduled changes of the flag, the next one first. */
export const Schedule = ({ flag }: { flag: Flag }) => {
  const { can } = useSession();
  const [isAdding, setAdding] = useState(false);
  const mayChange = can('putFlag');
  return (
    <>
      <Table
        variant="container"
        wrapLines
        trackBy={(change) => JSON.stringify(change)}
        items={inOrder(flag.schedule ?? [])}
        columnDefinitions={mayChange ? [...columns, cancelColumn(flag)] : columns}
        header={
          <Header
            variant="h2"
            description="Changes are applied automatically, within a minute of their time."
            actions={mayChange && <Button onClick={() => setAdding(true)}>Schedule a change</Button>}
          >
            Schedule
          </Header>
        }
        empty={<Box textAlign="center">There are no scheduled changes.</Box>}
      />
      {isAdding && <ScheduleModal flag={flag} onDone={() => setAdding(false)} />}
    </>
  );
};

const columns = [
  { id: 'at', header: 'At', isRowHeader: true, width: 220, cell: ({ at }: ScheduledChange) => <Time value={at} /> },
  { id: 'what', header: 'Change', cell: scheduledText },
];

const cancelColumn = (flag: Flag) => ({
  id: 'cancel',
  header: 'Actions',
  width: 120,
  cell: (change: ScheduledChange) => <CancelButton flag={flag} change={change} />,
});

const CancelButton = ({ flag, change }: { flag: Flag; change: ScheduledChange }) => {
  const { save, isPending, error, reset } = usePutFlag(flag);
  const cancel = () => {
    const { schedule = [], ...definition } = definitionOf(flag);
    const left = schedule.filter((other) => other !== change);
    save({ definition: { ...definition, ...(left.length > 0 && { schedule: left }) }, reason: 'schedule cancelled' });
  };
  return (
    <>
      <Button variant="inline-link" loading={isPending} ariaLabel={`Cancel: ${scheduledText(change)}`} onClick={cancel}>
        Cancel
      </Button>
      <ProblemModal error={error} onDismiss={reset} />
    </>
  );
};
