import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { useEffect, useState } from 'react';
import { actionNames, actions } from '#core/contract/events.ts';
import { type AuditQuery, auditQueryOf } from './audit-query.ts';

interface AuditFilterProps {
  tokens: PropertyFilterProps.Token[];
  onChange: (query: AuditQuery) => void;
}

/** By actor, action, time and text, as the API searches. */
export const AuditFilter = ({ tokens, onChange }: AuditFilterProps) => (
  <PropertyFilter
    query={{ tokens, operation: 'and' }}
    onChange={({ detail }) => onChange(auditQueryOf(detail.tokens))}
    filteringProperties={properties}
    filteringOptions={actionNames.map((value) => ({ propertyKey: 'action', value, description: actions[value].about }))}
    hideOperations
    filteringPlaceholder="Find by actor, action, time or text"
    filteringAriaLabel="Find audit events"
  />
);

interface MomentProps {
  value: string | null;
  onChange: (value: string) => void;
}

/** A date and a time of day, in the viewer's zone. */
const Moment = ({ value, onChange }: MomentProps) => {
  const [date, setDate] = useState(value?.slice(0, 10) ?? '');
  const [time, setTime] = useState(value?.slice(11, 19) ?? '');
  useEffect(() => {
    if (date !== '') onChange(`${date}T${time.length === 8 ? time : '00:00:00'}`);
  }, [date, time, onChange]);
  return (
    <SpaceBetween size="s">
      <FormField label="Date" constraintText="YYYY/MM/DD">
        <DatePicker value={date} placeholder="YYYY/MM/DD" onChange={({ detail }) => setDate(detail.value)} />
      </FormField>
      <FormField label="Time" constraintText="24 hours, in your own time zone">
        <TimeInput
          format="hh:mm:ss"
          placeholder="hh:mm:ss"
          value={time}
          onChange={({ detail }) => setTime(detail.value)}
        />
      </FormField>
    </SpaceBetween>
  );
};

const momentText = (value: unknown) => {
  const moment = new Date(String(value));
  return Number.isNaN(moment.getTime()) ? String(value) : moment.toLocaleString();
};

const byMoment = (operator: PropertyFilterProps.ComparisonOperator): PropertyFilterProps.ExtendedOperator<string> => ({
  operator,
  form: ({ value, onChange }) => <Moment value={value} onChange={onChange} />,
  format: momentText,
});

const properties: PropertyFilterProps.FilteringProperty[] = [
  { key: 'actor', propertyLabel: 'Actor', groupValuesLabel: 'Actors', operators: ['='] },
  { key: 'action', propertyLabel: 'Action', groupValuesLabel: 'Actions', operators: ['='] },
  {
    key: 'time',
    propertyLabel: 'Time',
    groupValuesLabel: 'Times',
    operators: [byMoment('>='), byMoment('<=')],
    defaultOperator: '>=',
  },
];
