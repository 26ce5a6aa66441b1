import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
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
  const isSure = typed === word;
  return (
    <Modal
      visible
      header={header}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>
              Cancel
            </Button>
            <Button variant="primary" disabled={!isSure} loading={isBusy} onClick={onConfirm}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure) onConfirm();
        }}
      >
        <SpaceBetween size="l">
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
        </SpaceBetween>
      </form>
    </Modal>
  );
};
