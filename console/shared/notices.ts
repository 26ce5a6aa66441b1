import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, useCallback, useContext, useState } from 'react';

export type Notify = (text: string) => void;

/** Shows a success notification at the top of the page. */
export const NoticesContext = createContext<Notify>(() => undefined);
export const useNotify = () => useContext(NoticesContext);

export const useNoticeList = () => {
  const [items, setItems] = useState<FlashbarProps.MessageDefinition[]>([]);
  const notify = useCallback((text: string) => {
    const id = crypto.randomUUID();
    const dismiss = () => setItems((before) => before.filter((item) => item.id !== id));
    setItems((before) => [
      { id, type: 'success', content: text, dismissible: true, dismissLabel: 'Dismiss', onDismiss: dismiss },
      ...before,
    ]);
  }, []);
  return { items, notify };
};
