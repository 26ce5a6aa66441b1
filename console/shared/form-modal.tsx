import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal, { type ModalProps } from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

interface FormModalProps extends Pick<ModalProps, 'size'> {
  header: string;
  /** What the button says that sends the form. */
  action: string;
  isBusy: boolean;
  /** Not yet to be sent. */
  isHeld?: boolean;
  onCancel: () => void;
  onSend: () => void;
  children: ReactNode;
}

/** A form that is filled in and sent, or left: also by the keyboard alone. */
export const FormModal = ({ header, action, isBusy, isHeld, onCancel, onSend, size, children }: FormModalProps) => (
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
          <Button variant="primary" disabled={isHeld ?? false} loading={isBusy} onClick={onSend}>
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
        if (!isHeld) onSend();
      }}
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </form>
  </Modal>
);
