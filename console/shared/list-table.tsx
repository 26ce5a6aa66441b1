import Box from '@cloudscape-design/components/box';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Pagination from '@cloudscape-design/components/pagination';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { SortOrder } from '#core/contract/api/http.ts';
import { ProblemAlert } from './problem.tsx';
import { useColumns } from './use-columns.ts';
import type { Pages } from './use-pages.ts';

/** The property that the API sorts by, and the direction. */
export interface Sorting {
  sort: string;
  order: SortOrder;
}

interface ListTableProps<T> extends Pick<TableProps<T>, 'header' | 'filter'> {
  /** What the list contains; column preferences are stored under this name. */
  name: string;
  pages: Pages<T>;
  trackBy: TableProps<T>['trackBy'] & {};
  columns: readonly (TableProps.ColumnDefinition<T> & { id: string; header: string })[];
  /** Columns that are hidden by default. */
  hidden?: readonly string[];
  /** Content of the empty list. */
  empty: ReactNode;
  /** Sorting by the API, for columns with a `sortingField`. */
  sorting?: Sorting & { onChange: (sorting: Sorting) => void };
  /** Lets the user select an item to see its details. */
  choice?: { picked: T | undefined; pick: (item: T) => void; labelOf: (item: T) => string };
}

/** A table of an API list, with cursor pagination, column preferences, and empty, loading and error states. */
export function ListTable<T>({
  name,
  pages,
  columns,
  hidden = [],
  empty,
  sorting,
  choice,
  ...table
}: ListTableProps<T>) {
  const { preferences, setPreferences, display } = useColumns(name, columns, hidden);
  return (
    <Table
      variant="container"
      stickyHeader
      {...table}
      items={pages.error ? [] : pages.items}
      columnDefinitions={columns}
      columnDisplay={display}
      wrapLines={preferences.wrapLines}
      loading={pages.isLoading}
      loadingText={`Loading ${name}`}
      empty={
        pages.error ? <ProblemAlert error={pages.error} retry={pages.refetch} /> : <Box textAlign="center">{empty}</Box>
      }
      {...(sorting && sortingOf<T>(sorting))}
      {...(choice && selectionOf(name, choice))}
      pagination={
        <Pagination
          currentPageIndex={pages.page}
          pagesCount={pages.count}
          openEnd={pages.isOpen}
          onChange={({ detail }) => pages.goTo(detail.currentPageIndex)}
        />
      }
      preferences={
        <CollectionPreferences
          title="Preferences"
          confirmLabel="Confirm"
          cancelLabel="Cancel"
          preferences={preferences}
          onConfirm={({ detail }) => setPreferences(detail)}
          wrapLinesPreference={{ label: 'Wrap lines', description: 'Show long texts in full.' }}
          contentDisplayPreference={{
            title: 'Columns',
            options: columns.map(({ id, header }, index) => ({ id, label: header, alwaysVisible: index === 0 })),
          }}
        />
      }
    />
  );
}

const sortingOf = <T,>({
  sort,
  order,
  onChange,
}: NonNullable<ListTableProps<T>['sorting']>): Partial<TableProps<T>> => ({
  sortingColumn: { sortingField: sort },
  sortingDescending: order === 'desc',
  onSortingChange: ({ detail: { sortingColumn, isDescending = false } }) =>
    onChange({ sort: sortingColumn.sortingField ?? sort, order: isDescending ? 'desc' : 'asc' }),
});

const selectionOf = <T,>(
  name: string,
  { picked, pick, labelOf }: NonNullable<ListTableProps<T>['choice']>,
): Partial<TableProps<T>> => ({
  selectionType: 'single',
  selectedItems: picked === undefined ? [] : [picked],
  ariaLabels: {
    selectionGroupLabel: `Select one of the ${name}`,
    itemSelectionLabel: (_selected, item) => labelOf(item),
  },
  onRowClick: ({ detail }) => pick(detail.item),
  onSelectionChange: ({ detail: { selectedItems } }) => selectedItems[0] !== undefined && pick(selectedItems[0]),
});
