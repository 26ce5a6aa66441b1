import Modal from '@cloudscape-design/components/modal';
import { ProblemAlert } from './problem.tsx';

/** Shows why an action failed. */
export const ProblemModal = ({ error, onDismiss }: { error: unknown; onDismiss: () => void }) =>
  error ? (
    <Modal visible header="Action failed" onDismiss={onDismiss}>
      <ProblemAlert error={error} />
    </Modal>
  ) : null;
