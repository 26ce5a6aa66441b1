import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { Changes } from '#console/audit/changes.tsx';
import { differences } from '#console/audit/diff.ts';
import { useSession } from '#console/session/session.tsx';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { ProblemModal } from '#console/shared/problem-modal.tsx';
import { Time } from '#console/shared/time.tsx';
import { useChange } from '#console/shared/use-api.ts';
import { usePages } from '#console/shared/use-pages.ts';
import type { FlagVersion } from '#core/contract/model/flag-changes.ts';
import type { Flag } from '#core/contract/model/flags.ts';
import { jsonOf } from './json-of.ts';

/** The versions of the flag, newest first, with their changes and a revert button. */
export const FlagHistory = ({ flag }: { flag: Flag }) => {
  const pages = usePages('listFlagVersions', { params: { key: flag.key } }, 20);
  if (pages.error) return <ProblemAlert error={pages.error} retry={pages.refetch} />;
  if (pages.isLoading) return <Spinner size="large" />;
  return (
    <SpaceBetween size="s">
      {pages.items.map((version, index) => (
        <Version key={version.version} flag={flag} version={version} before={pages.items[index + 1]} />
      ))}
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

interface VersionProps {
  flag: Flag;
  version: FlagVersion;
  /** The previous version, if it is on the same page. */
  before: FlagVersion | undefined;
}

const Version = ({ flag, version: { version, definition, time, actor, reason }, before }: VersionProps) => (
  <ExpandableSection
    headerText={`Version ${version}${version === flag.version ? ' (current)' : ''}`}
    headerDescription={reason === undefined ? `by ${actor.id}` : `by ${actor.id}: ${reason}`}
    headerActions={version !== flag.version && definition && <RevertButton flag={flag} version={version} />}
    variant="container"
    defaultExpanded={version === flag.version}
  >
    <Box color="text-body-secondary" padding={{ bottom: 's' }}>
      <Time value={time} />
    </Box>
    {definition ? (
      <Changes list={differences(jsonOf(before?.definition), jsonOf(definition))} />
    ) : (
      <Box>The flag was deleted in this version.</Box>
    )}
  </ExpandableSection>
);

const RevertButton = ({ flag, version }: { flag: Flag; version: number }) => {
  const { can } = useSession();
  const revert = useChange('revertFlag');
  const notify = useNotify();
  if (!can('revertFlag')) return null;
  return (
    <>
      <Button
        iconName="undo"
        loading={revert.isPending}
        ariaLabel={`Revert to version ${version}`}
        onClick={() =>
          revert.mutate(
            { params: { key: flag.key }, query: {}, body: { version }, headers: { 'If-Match': `"${flag.version}"` } },
            {
              onSuccess: ({ body }) =>
                notify(
                  'proposalId' in body
                    ? `The revert of ${flag.key} needs another administrator's approval.`
                    : `${flag.key} was reverted to version ${version}.`,
                ),
            },
          )
        }
      >
        Revert
      </Button>
      <ProblemModal error={revert.error} onDismiss={revert.reset} />
    </>
  );
};
