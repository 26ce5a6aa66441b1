import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import type { FieldsProps } from './onboarding-fields.tsx';
import type { Entry } from './onboarding-form.ts';

interface EntriesFieldProps extends FieldsProps {
  field: 'metadata' | 'flags';
  label: string;
  valueLabel: string;
}

/** Names with their values, as many as are needed. */
export const EntriesField = ({ field, label, valueLabel, draft, faults, change }: EntriesFieldProps) => {
  const entries = draft[field];
  const put = (at: number, part: Partial<Entry>) =>
    change({ [field]: entries.map((entry, index) => (index === at ? { ...entry, ...part } : entry)) });
  const input = (name: keyof Entry, about: string) => (entry: Entry, index: number) => (
    <Input
      value={entry[name]}
      ariaLabel={`${label}, ${about} ${index + 1}`}
      onChange={({ detail }) => put(index, { [name]: detail.value })}
    />
  );
  return (
    <FormField label={label} errorText={faults[field]} stretch>
      <AttributeEditor
        items={entries}
        addButtonText={`Add to ${label.toLowerCase()}`}
        removeButtonText="Remove"
        removeButtonAriaLabel={({ key }) => `Remove ${key}`}
        empty="None."
        onAddButtonClick={() => change({ [field]: [...entries, { key: '', value: '' }] })}
        onRemoveButtonClick={({ detail }) =>
          change({ [field]: entries.filter((_entry, at) => at !== detail.itemIndex) })
        }
        definition={[
          { label: 'Name', control: input('key', 'name') },
          { label: valueLabel, control: input('value', valueLabel.toLowerCase()) },
        ]}
      />
    </FormField>
  );
};
