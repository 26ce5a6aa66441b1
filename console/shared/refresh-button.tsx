import Button from '@cloudscape-design/components/button';
import type { Pages } from './use-pages.ts';

/** Reads a list again: what came since then is not shown by itself, so that a page stays as it is while it is read. */
export const RefreshButton = ({ pages }: { pages: Pick<Pages<unknown>, 'isFetching' | 'refetch'> }) => (
  <Button iconName="refresh" ariaLabel="Read the list again" loading={pages.isFetching} onClick={pages.refetch} />
);
