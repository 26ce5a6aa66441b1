import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { useEffect, useState } from 'react';

interface MomentFieldProps {
  /** `YYYY-MM-DDThh:mm:ss` in the user's time zone, also for `onChange`. */
  value: string | null;
  onChange: (value: string) => void;
}

/** A date and time in the user's time zone. */
export const MomentField = ({ value, onChange }: MomentFieldProps) => {
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
      <FormField label="Time" constraintText="24-hour clock, in your time zone">
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
