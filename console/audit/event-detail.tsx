import './event-detail.css';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Time } from '#console/shared/time.tsx';
import { type AuditEvent, actions } from '#core/contract/events.ts';
import { type Difference, differences } from './diff.ts';

/** One event in full: who, what, why, from where, and each value before and after. */
export const EventDetail = ({ event }: { event: AuditEvent }) => (
  <SpaceBetween size="l">
    <div>{actions[event.action].about}</div>
    <Changes list={differences(event.before, event.after)} />
    <KeyValuePairs columns={3} items={factsOf(event)} />
  </SpaceBetween>
);

const signs: Readonly<Record<Difference['kind'], string>> = { added: '+', removed: '−', changed: '±', same: ' ' };

const Changes = ({ list }: { list: readonly Difference[] }) => {
  if (list.length === 0) return <div>It changed no record.</div>;
  return (
    <table className="changes">
      <thead>
        <tr>
          <th aria-label="Kind of change" />
          <th>Field</th>
          <th>Before</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        {list.map(({ path, kind, before, after }) => (
          <tr key={path} className={`changes-${kind}`}>
            <td aria-label={kind}>{signs[kind]}</td>
            <th scope="row">{path}</th>
            <td>{before !== undefined && <del>{before}</del>}</td>
            <td>{after !== undefined && <ins>{after}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const factsOf = ({ actor, target, time, reason, requestId, operationId, source, hash, prevHash }: AuditEvent) => [
  { label: 'Actor', value: `${actor.type} ${actor.id}${actor.role ? ` (${actor.role})` : ''}` },
  { label: 'Target', value: `${target.type} ${target.id}` },
  { label: 'Time', value: <Time value={time} /> },
  { label: 'Reason', value: reason ?? '–' },
  { label: 'Operation', value: operationId ?? '–' },
  { label: 'Request', value: <code>{requestId}</code> },
  { label: 'From', value: [source.ip, source.userAgent].filter(Boolean).join(', ') || '–' },
  { label: 'Hash', value: <code>{hash}</code> },
  { label: 'Hash of the event before', value: <code>{prevHash}</code> },
];
