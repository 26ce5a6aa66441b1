import Modal from '@cloudscape-design/components/modal';
import { ProblemAlert } from './problem.tsx';

/** Says that something that was asked for was not done, and why. */
export const ProblemModal = ({ error, onDismiss }: { error: unknown; onDismiss: () => void }) =>
  error ? (
    <Modal visible header="That was not done" onDismiss={onDismiss}>
      <ProblemAlert error={error} />
    </Modal>
  ) : null;
