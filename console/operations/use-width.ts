import { type RefCallback, useCallback, useState } from 'react';

/** The current width of an element, in px; `undefined` before it is rendered. */
export const useWidth = (): [RefCallback<HTMLElement>, number | undefined] => {
  const [width, setWidth] = useState<number>();
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
};
