import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { type ReactNode, useState } from 'react';
import { FormModal } from './form-modal.tsx';
import { ProblemAlert } from './problem.tsx';

interface TypedConfirmationProps {
  header: string;
  /** What must be typed, so that nothing is taken away by a hand that slipped. */
  word: string;
  action: string;
  isBusy: boolean;
  error: unknown;
  onCancel: () => void;
  onConfirm: () => void;
  children: ReactNode;
}

/** Asks twice before something is taken away. */
export const TypedConfirmation = (props: TypedConfirmationProps) => {
  const { header, word, action, isBusy, error, onCancel, onConfirm, children } = props;
  const [typed, setTyped] = useState('');
  return (
    <FormModal
      header={header}
      action={action}
      isBusy={isBusy}
      isHeld={typed !== word}
      onCancel={onCancel}
      onSend={onConfirm}
    >
      <div>{children}</div>
      <FormField
        label={
          <>
            To confirm, type <code>{word}</code>
          </>
        }
      >
        <Input value={typed} autoFocus onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
      {error ? <ProblemAlert error={error} /> : null}
    </FormModal>
  );
};
