import { createContext, type ReactNode, useContext, useEffect } from 'react';

export interface AsideContent {
  header: string;
  content: ReactNode;
}

export const AsideContext = createContext<(content: AsideContent | undefined) => void>(() => undefined);

/** Shows details in the side panel until the page is left. */
export const useAside = () => {
  const show = useContext(AsideContext);
  useEffect(() => () => show(undefined), [show]);
  return show;
};
