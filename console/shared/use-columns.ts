import type { CollectionPreferencesProps } from '@cloudscape-design/components/collection-preferences';
import { useState } from 'react';
import * as z from 'zod';

const storedSchema = z.object({
  wrapLines: z.boolean().default(false),
  contentDisplay: z.array(z.object({ id: z.string(), visible: z.boolean() })),
});
type StoredColumns = z.infer<typeof storedSchema>;

const read = (key: string): StoredColumns | undefined => {
  const text = localStorage.getItem(key);
  return text === null ? undefined : storedSchema.safeParse(JSON.parse(text)).data;
};

/** The user's column preferences of a list, stored in this browser. */
export const useColumns = (name: string, columns: readonly { id: string }[], hidden: readonly string[]) => {
  const key = `tenantry-columns-${name}`;
  const [stored, setStored] = useState(() => read(key));
  const known = (stored?.contentDisplay ?? []).filter(({ id }) => columns.some((column) => column.id === id));
  // Columns added since the preferences were saved come last.
  const added = columns
    .filter(({ id }) => !known.some((column) => column.id === id))
    .map(({ id }) => ({ id, visible: !hidden.includes(id) }));
  const display = [...known, ...added];
  const preferences = { wrapLines: stored?.wrapLines ?? false, contentDisplay: display };
  const setPreferences = (chosen: CollectionPreferencesProps.Preferences) => {
    const next = storedSchema.parse(chosen);
    localStorage.setItem(key, JSON.stringify(next));
    setStored(next);
  };
  return { preferences, setPreferences, display };
};
