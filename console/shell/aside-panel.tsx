import SplitPanel from '@cloudscape-design/components/split-panel';
import type { AsideContent } from '#console/shared/aside.tsx';

/** Beside the page, or below it where there is no room: more about one thing of a list. */
export const AsidePanel = ({ header, content }: AsideContent) => (
  <SplitPanel header={header} closeBehavior="hide">
    {content}
  </SplitPanel>
);
