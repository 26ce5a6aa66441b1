import { createContext, useContext, useEffect } from 'react';

export const LeafContext = createContext<(name: string | undefined) => void>(() => undefined);

/** Names the one thing that the page is about, for the way that leads to it. */
export const useLeaf = (name: string): void => {
  const show = useContext(LeafContext);
  useEffect(() => {
    show(name);
    return () => show(undefined);
  }, [show, name]);
};
