import { createContext, type ReactNode, useContext, useEffect } from 'react';

export interface AsideContent {
  header: string;
  content: ReactNode;
}

export const AsideContext = createContext<(content: AsideContent | undefined) => void>(() => undefined);

/** Shows more about one thing beside the page, and takes it away with the page. */
export const useAside = () => {
  const show = useContext(AsideContext);
  useEffect(() => () => show(undefined), [show]);
  return show;
};
