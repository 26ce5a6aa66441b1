import Button from '@cloudscape-design/components/button';
import type { Pages } from './use-pages.ts';

/** Reloads a list. Lists do not reload on their own, so that a page does not change while it is read. */
export const RefreshButton = ({ pages }: { pages: Pick<Pages<unknown>, 'isFetching' | 'refetch'> }) => (
  <Button iconName="refresh" ariaLabel="Refresh" loading={pages.isFetching} onClick={pages.refetch} />
);
