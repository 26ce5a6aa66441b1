import { useSearchParams } from 'react-router';
import { addressOf } from './address.ts';

/**
 * A list's filter, stored in the URL so that results can be shared. Changes apply at once and not only when the list
 * has loaded; otherwise the next keystroke would replace a change that is still pending.
 */
export const useFilter = () => {
  const [address, setAddress] = useSearchParams();
  const narrow = (query: Parameters<typeof addressOf>[0]) =>
    setAddress(addressOf(query), { replace: true, flushSync: true });
  return [address, narrow] as const;
};
