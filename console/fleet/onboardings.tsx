import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { durationText } from '#console/shared/duration.ts';
import type { Fleet } from '#core/contract/model/fleet.ts';

type Onboardings = Fleet['onboardings'];
type Failures = Onboardings['failures'][number];

const ms = (value: number | undefined) => (value === undefined ? '–' : durationText(value));

/** The number of onboardings, their durations, and failures by step. */
export const Onboardings = ({ onboardings }: { onboardings: Onboardings }) => (
  <SpaceBetween size="l">
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Succeeded', value: <Figure of={onboardings.succeeded} /> },
        { label: 'In progress', value: <Figure of={onboardings.running} /> },
        { label: 'Rolled back', value: <Figure of={onboardings.rolledBack + onboardings.rollbackFailed} /> },
        {
          label: 'Took: p50, p95',
          value: <Figure of={`${ms(onboardings.p50Ms)}, ${ms(onboardings.p95Ms)}`} />,
        },
      ]}
    />
    {onboardings.failures.length > 0 && (
      <Table
        variant="embedded"
        header={<Box variant="h3">Failures by step</Box>}
        trackBy={({ step, code }) => `${step} ${code}`}
        items={onboardings.failures}
        columnDefinitions={columns}
      />
    )}
  </SpaceBetween>
);

const Figure = ({ of }: { of: number | string }) => (
  <Box fontSize="heading-xl" fontWeight="bold">
    {of}
  </Box>
);

const columns = [
  { id: 'step', header: 'Step', isRowHeader: true, cell: ({ step }: Failures) => step },
  { id: 'code', header: 'Error', cell: ({ code }: Failures) => code },
  { id: 'count', header: 'Count', cell: ({ count }: Failures) => count },
];
