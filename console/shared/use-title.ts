import { useEffect } from 'react';

/** What the tab, the history and a screen reader call the page. */
export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · Tenantry`;
  }, [title]);
};
