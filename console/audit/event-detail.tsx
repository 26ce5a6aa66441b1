import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Time } from '#console/shared/time.tsx';
import { type AuditEvent, actions } from '#core/contract/events/catalogue.ts';
import { Changes } from './changes.tsx';
import { differences } from './diff.ts';

/** One event in full, with each value before and after. */
export const EventDetail = ({ event }: { event: AuditEvent }) => (
  <SpaceBetween size="l">
    <div>{actions[event.action].about}</div>
    <Changes list={differences(event.before, event.after)} />
    <KeyValuePairs columns={3} items={factsOf(event)} />
  </SpaceBetween>
);

const factsOf = ({ actor, target, time, reason, requestId, operationId, source, hash, prevHash }: AuditEvent) => [
  { label: 'Actor', value: `${actor.type} ${actor.id}${actor.role ? ` (${actor.role})` : ''}` },
  { label: 'Target', value: `${target.type} ${target.id}` },
  { label: 'Time', value: <Time value={time} /> },
  { label: 'Reason', value: reason ?? '–' },
  { label: 'Operation', value: operationId ?? '–' },
  { label: 'Request', value: <code>{requestId}</code> },
  { label: 'From', value: [source.ip, source.userAgent].filter(Boolean).join(', ') || '–' },
  { label: 'Hash', value: <code>{hash}</code> },
  { label: 'Previous hash', value: <code>{prevHash}</code> },
];
