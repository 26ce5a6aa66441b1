import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import { MomentField } from '#console/shared/moment-field.tsx';
import { actionNames, actions } from '#core/contract/events/catalogue.ts';
import { type AuditQuery, auditQueryOf } from './audit-query.ts';

interface AuditFilterProps {
  tokens: PropertyFilterProps.Token[];
  onChange: (query: AuditQuery) => void;
}

/** The filter of an audit list: actor, action, time and text. */
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

const momentText = (value: unknown) => {
  const moment = new Date(String(value));
  return Number.isNaN(moment.getTime()) ? String(value) : moment.toLocaleString();
};

const byMoment = (operator: PropertyFilterProps.ComparisonOperator): PropertyFilterProps.ExtendedOperator<string> => ({
  operator,
  form: ({ value, onChange }) => <MomentField value={value} onChange={onChange} />,
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
