import { useSearchParams } from 'react-router';
import { addressOf } from './address.ts';

/**
 * A list's filter, kept in the address: what was found can be sent to somebody. A change shows at once, not when the
 * list it asks for has come, or the next part that somebody types would replace one that is still on its way.
 */
export const useFilter = () => {
  const [address, setAddress] = useSearchParams();
  const narrow = (query: Parameters<typeof addressOf>[0]) =>
    setAddress(addressOf(query), { replace: true, flushSync: true });
  return [address, narrow] as const;
};
