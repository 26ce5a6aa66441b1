import { createContext, useContext, useEffect } from 'react';

export const LeafContext = createContext<(name: string | undefined) => void>(() => undefined);

/** Sets the last entry of the breadcrumb: the resource that the page shows. */
export const useLeaf = (name: string): void => {
  const show = useContext(LeafContext);
  useEffect(() => {
    show(name);
    return () => show(undefined);
  }, [show, name]);
};
