import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { TextLink } from '#console/shared/text-link.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import type { Fleet } from '#core/contract/model/fleet.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import { concernsOf } from './needs-attention.ts';

/** Staleness changes by the day, and computing it evaluates the flags for every tenant. */
const stalePollMs = 300_000;

/** What needs attention, with links. */
export const Attention = ({ fleet, shards }: { fleet: Fleet; shards: readonly Shard[] }) => {
  const stale = useAnswer('listFlags', { query: { stale: true } }, { refetchInterval: stalePollMs });
  const concerns = concernsOf({ byStatus: fleet.byStatus, shards, stale: stale.data });
  return (
    <Container header={<Header variant="h2">Needs attention</Header>}>
      {stale.error && <ProblemAlert error={stale.error} retry={() => void stale.refetch()} />}
      {concerns.length === 0 ? (
        <StatusIndicator>Nothing needs attention.</StatusIndicator>
      ) : (
        <SpaceBetween size="s">
          {concerns.map(({ severity, text, detail, to }) => (
            <div key={text}>
              <StatusIndicator type={severity}>
                <TextLink to={to}>{text}</TextLink>
              </StatusIndicator>
              <Box color="text-body-secondary" fontSize="body-s">
                {detail}
              </Box>
            </div>
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
};
