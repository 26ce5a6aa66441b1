import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { Time } from '#console/shared/time.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import { useTitle } from '#console/shared/use-title.ts';
import type { Fleet } from '#core/contract/model/fleet.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import { Attention } from './attention.tsx';
import { Counts } from './counts.tsx';
import { Onboardings } from './onboardings.tsx';
import { OtherOperations } from './other-operations.tsx';
import { Shards } from './shards.tsx';

const pollMs = 10_000;

/** The whole fleet at a glance: first what needs attention, then figures. */
export const FleetPage = () => {
  useTitle('Fleet');
  const fleet = useAnswer('getFleet', {}, { refetchInterval: pollMs });
  const shards = useAnswer('listShards', { query: { limit: 200 } }, { refetchInterval: pollMs });
  const error = fleet.error ?? shards.error;
  const refetch = () => {
    void fleet.refetch();
    void shards.refetch();
  };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={
          fleet.data && (
            <>
              As of <Time value={fleet.data.asOf} />
            </>
          )
        }
        actions={<Button iconName="refresh" ariaLabel="Refresh" loading={fleet.isFetching} onClick={refetch} />}
      >
        Fleet
      </Header>
      {error && <ProblemAlert error={error} retry={refetch} />}
      {!error && !(fleet.data && shards.data) && <Spinner size="large" />}
      {fleet.data && shards.data && <Overview fleet={fleet.data} shards={shards.data.items} />}
    </SpaceBetween>
  );
};

const Overview = ({ fleet, shards }: { fleet: Fleet; shards: readonly Shard[] }) => (
  <SpaceBetween size="l">
    <Attention fleet={fleet} shards={shards} />
    <Container header={<Header variant="h2">Onboardings of the last 24 hours</Header>}>
      <Onboardings onboardings={fleet.onboardings} />
    </Container>
    <OtherOperations operations={fleet.operations} />
    <Container
      header={
        <Header variant="h2" counter={`(${fleet.tenants})`}>
          Tenants
        </Header>
      }
    >
      <Counts fleet={fleet} />
    </Container>
    <Shards shards={shards} />
  </SpaceBetween>
);
