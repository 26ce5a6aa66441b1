import { useNotify } from '#console/shared/notices.ts';
import { useChange } from '#console/shared/use-api.ts';
import type { Flag, FlagDefinition } from '#core/contract/model/flags.ts';

interface Put {
  definition: FlagDefinition;
  reason?: string;
  onDone?: () => void;
}

/** Updates a flag, provided it is still at the version on the page, and notifies of the result. */
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
              ? `The change to ${key} needs another administrator's approval.`
              : `${key} was updated.`,
          );
          onDone?.();
        },
      },
    );
  return { save, isPending: put.isPending, error: put.error, reset: put.reset };
};
