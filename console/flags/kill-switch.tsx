import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import { useNotify } from '#console/shared/notices.ts';
import { TypedConfirmation } from '#console/shared/typed-confirmation.tsx';
import { useChange } from '#console/shared/use-api.ts';
import type { Flag } from '#core/contract/model/flags.ts';

/** Disables the flag for everyone at once, after the user has typed its key. */
export const KillSwitch = ({ flag: { key } }: { flag: Flag }) => {
  const kill = useChange('killFlag');
  const notify = useNotify();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button iconName="status-stopped" onClick={() => setOpen(true)}>
        Kill
      </Button>
      {isOpen && (
        <TypedConfirmation
          header={`Kill ${key}`}
          word={key}
          action="Kill"
          isBusy={kill.isPending}
          error={kill.error}
          onCancel={() => setOpen(false)}
          onConfirm={() =>
            kill.mutate(
              { params: { key }, query: {} },
              {
                onSuccess: () => {
                  notify(`${key} was disabled for everyone.`);
                  setOpen(false);
                },
              },
            )
          }
        >
          Every tenant gets the application's own default, at once and without approval. A revert restores the flag
          back.
        </TypedConfirmation>
      )}
    </>
  );
};
