import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import type { Entry } from './entries.ts';

interface EntriesFieldProps {
  label: string;
  valueLabel: string;
  entries: readonly Entry[];
  errorText: string | undefined;
  onChange: (entries: readonly Entry[]) => void;
}

/** An editor for name–value pairs. */
export const EntriesField = ({ label, valueLabel, entries, errorText, onChange }: EntriesFieldProps) => {
  const put = (at: number, part: Partial<Entry>) =>
    onChange(entries.map((entry, index) => (index === at ? { ...entry, ...part } : entry)));
  const input = (name: keyof Entry, about: string) => (entry: Entry, index: number) => (
    <Input
      value={entry[name]}
      ariaLabel={`${label}, ${about} ${index + 1}`}
      onChange={({ detail }) => put(index, { [name]: detail.value })}
    />
  );
  return (
    <FormField label={label} errorText={errorText} stretch>
      <AttributeEditor
        items={entries}
        addButtonText={`Add to ${label.toLowerCase()}`}
        removeButtonText="Remove"
        removeButtonAriaLabel={({ key }) => `Remove ${key}`}
        empty="None."
        onAddButtonClick={() => onChange([...entries, { key: '', value: '' }])}
        onRemoveButtonClick={({ detail }) => onChange(entries.filter((_entry, at) => at !== detail.itemIndex))}
        definition={[
          { label: 'Name', control: input('key', 'name') },
          { label: valueLabel, control: input('value', valueLabel.toLowerCase()) },
        ]}
      />
    </FormField>
  );
};
