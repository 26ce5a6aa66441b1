import SplitPanel from '@cloudscape-design/components/split-panel';
import type { AsideContent } from '#console/shared/aside.tsx';

/** The panel for details of a list item, beside the page or, on narrow screens, below it. */
export const AsidePanel = ({ header, content }: AsideContent) => (
  <SplitPanel header={header} closeBehavior="hide">
    {content}
  </SplitPanel>
);
