import { useNotify } from '#console/shared/notices.ts';
import { useChange } from '#console/shared/use-api.ts';
import type { Flag, FlagDefinition } from '#core/contract/model/flags.ts';

interface Put {
  definition: FlagDefinition;
  reason?: string;
  onDone?: () => void;
}

/** Changes a flag, if it is still the version on the page, and says what became of it. */
export const usePutFlag = ({ key, version }: Flag) => {
  const put = useChange('putFlag');
  const notify = useNotify();
  const save = ({ definition, reason = '', onDone }: Put) =>
    put.mutate(
      {
        params: { key },
        body: definition,
        query: reason === '' ? {} : { reason },
        headers: { 'If-Match': `"${version}"` },
      },
      {
        onSuccess: ({ body }) => {
          notify(
            'proposalId' in body
              ? `The change of ${key} waits for another administrator's approval.`
              : `${key} is changed.`,
          );
          onDone?.();
        },
      },
    );
  return { save, isPending: put.isPending, error: put.error, reset: put.reset };
};
