import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { type ReactNode, useState } from 'react';
import { FormModal } from './form-modal.tsx';
import { ProblemAlert } from './problem.tsx';

interface TypedConfirmationProps {
  header: string;
  /** The word to type, which prevents accidental deletion. */
  word: string;
  action: string;
  isBusy: boolean;
  error: unknown;
  onCancel: () => void;
  onConfirm: () => void;
  children: ReactNode;
}

/** A confirmation that requires typing a word. */
export const TypedConfirmation = (props: TypedConfirmationProps) => {
  const { header, word, action, isBusy, error, onCancel, onConfirm, children } = props;
  const [typed, setTyped] = useState('');
  return (
    <FormModal
      header={header}
      action={action}
      isBusy={isBusy}
      isDisabled={typed !== word}
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
