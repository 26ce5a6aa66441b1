import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { FormModal } from '#console/shared/form-modal.tsx';
import { MomentField } from '#console/shared/moment-field.tsx';
import { numberOf } from '#console/shared/number-of.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import type { Flag, ScheduledChange } from '#core/contract/model/flags.ts';
import { definitionOf, readDefinition } from './definition-text.ts';
import { usePutFlag } from './use-put-flag.ts';

const kinds = [
  { value: 'enable', label: 'Enable the flag' },
  { value: 'disable', label: 'Disable the flag', description: "Everyone gets the application's own default." },
  { value: 'default', label: 'Change the default variant' },
  {
    value: 'percent',
    label: 'Change the percentage',
    description: 'For a rule with one “fractional” of two variants.',
  },
] as const;
type Kind = (typeof kinds)[number]['value'];

/** Schedules a change of a flag. */
export const ScheduleModal = ({ flag, onDone }: { flag: Flag; onDone: () => void }) => {
  const { save, isPending, error } = usePutFlag(flag);
  const variants = Object.keys(flag.variants);
  const [moment, setMoment] = useState<string>();
  const [kind, setKind] = useState<Kind>(flag.state === 'ENABLED' ? 'disable' : 'enable');
  const [variant, setVariant] = useState(variants[0] ?? '');
  const [percent, setPercent] = useState('');
  const [errors, setErrors] = useState<{ moment?: string; change?: string }>({});

  const changes: Record<Kind, Omit<ScheduledChange, 'at'>> = {
    enable: { state: 'ENABLED' },
    disable: { state: 'DISABLED' },
    default: { defaultVariant: variant },
    percent: { percent: numberOf(percent) },
  };

  const send = () => {
    const at = new Date(moment ?? '');
    if (Number.isNaN(at.getTime())) return setErrors({ moment: 'Choose a date and time.' });
    if (at.getTime() <= Date.now()) return setErrors({ moment: 'Choose a time in the future.' });
    const definition = definitionOf(flag);
    const schedule = [...(definition.schedule ?? []), { at: at.toISOString(), ...changes[kind] }];
    const reading = readDefinition(JSON.stringify({ ...definition, schedule }));
    if ('errors' in reading) return setErrors({ change: reading.errors.join(' ') });
    setErrors({});
    save({ definition: reading.definition, reason: 'scheduled', onDone });
  };

  return (
    <FormModal
      header={`Schedule a change to ${flag.key}`}
      action="Schedule"
      isBusy={isPending}
      onCancel={onDone}
      onSend={send}
    >
      <FormField label="When" errorText={errors.moment}>
        <MomentField value={null} onChange={setMoment} />
      </FormField>
      <FormField label="What" errorText={errors.change}>
        <RadioGroup
          value={kind}
          items={[...kinds]}
          onChange={({ detail }) => setKind(kinds.find(({ value }) => value === detail.value)?.value ?? kind)}
        />
      </FormField>
      {kind === 'default' && (
        <FormField label="Variant">
          <Select
            selectedOption={{ value: variant }}
            options={variants.map((value) => ({ value }))}
            onChange={({ detail }) => setVariant(detail.selectedOption.value ?? '')}
          />
        </FormField>
      )}
      {kind === 'percent' && (
        <FormField label="Share of the first variant" constraintText="Percent, 0 to 100.">
          <Input type="number" value={percent} onChange={({ detail }) => setPercent(detail.value)} />
        </FormField>
      )}
      {error && <ProblemAlert error={error} />}
    </FormModal>
  );
};
