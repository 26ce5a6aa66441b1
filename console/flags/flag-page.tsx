import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useNavigate, useParams } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { useLeaf } from '#console/shared/leaf.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { useAnswer } from '#console/shared/use-api.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { NotFound } from '#console/shell/not-found.tsx';
import { ProblemError } from '#core/contract/api/client.ts';
import type { Flag } from '#core/contract/model/flags.ts';
import { Editor } from './editor.tsx';
import { FlagAudit } from './flag-audit.tsx';
import { FlagHistory } from './flag-history.tsx';
import { FlagState } from './flag-state.tsx';
import { KillSwitch } from './kill-switch.tsx';
import { Overrides } from './overrides.tsx';
import { Schedule } from './schedule.tsx';

const tabs = [
  {
    id: 'definition',
    label: 'Definition',
    View: ({ flag }: { flag: Flag }) => <Editor key={flag.version} flag={flag} />,
  },
  { id: 'schedule', label: 'Schedule', View: Schedule },
  { id: 'overrides', label: 'Overrides', View: Overrides },
  { id: 'history', label: 'History', View: FlagHistory },
  { id: 'audit', label: 'Audit', View: FlagAudit },
];

/** One flag: definition, schedule, overrides, history and audit. */
export const FlagPage = () => {
  const { key = '' } = useParams();
  useTitle(key);
  const { data: flag, error, refetch } = useAnswer('getFlag', { params: { key } });
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (error && !flag) return <ProblemAlert error={error} retry={() => void refetch()} />;
  return flag ? <KnownFlag flag={flag} /> : <Spinner size="large" />;
};

const KnownFlag = ({ flag }: { flag: Flag }) => {
  const { can } = useSession();
  const navigate = useNavigate();
  useLeaf(flag.key);
  const { tab = 'definition' } = useParams();
  const here = `/flags/${encodeURIComponent(flag.key)}`;
  if (!tabs.some(({ id }) => id === tab)) return <NotFound />;
  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        info={<FlagState state={flag.state} />}
        description={flag.description}
        actions={flag.state === 'ENABLED' && can('killFlag') && <KillSwitch flag={flag} />}
      >
        {flag.key}
      </Header>
      <Tabs
        activeTabId={tab}
        ariaLabel={`Details of ${flag.key}`}
        onChange={({ detail: { activeTabId: id } }) => void navigate(id === 'definition' ? here : `${here}/${id}`)}
        tabs={tabs.map(({ id, label, View }) => ({ id, label, content: <View flag={flag} /> }))}
      />
    </SpaceBetween>
  );
};
