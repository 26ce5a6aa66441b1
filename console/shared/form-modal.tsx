import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal, { type ModalProps } from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

interface FormModalProps extends Pick<ModalProps, 'size'> {
  header: string;
  /** Label of the submit button. */
  action: string;
  isBusy: boolean;
  /** Whether submitting is disabled. */
  isDisabled?: boolean;
  onCancel: () => void;
  onSend: () => void;
  children: ReactNode;
}

/** A modal form, which can be submitted or cancelled by keyboard. */
export const FormModal = ({ header, action, isBusy, isDisabled, onCancel, onSend, size, children }: FormModalProps) => (
  <Modal
    visible
    {...(size && { size })}
    header={header}
    onDismiss={onCancel}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={onCancel}>
            Cancel
          </Button>
          <Button variant="primary" disabled={isDisabled ?? false} loading={isBusy} onClick={onSend}>
            {action}
          </Button>
        </SpaceBetween>
      </Box>
    }
  >
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isDisabled) onSend();
      }}
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </form>
  </Modal>
);
