import type { CollectionPreferencesProps } from '@cloudscape-design/components/collection-preferences';
import { useState } from 'react';
import * as z from 'zod';

const keptSchema = z.object({
  wrapLines: z.boolean().default(false),
  contentDisplay: z.array(z.object({ id: z.string(), visible: z.boolean() })),
});
type Kept = z.infer<typeof keptSchema>;

const read = (key: string): Kept | undefined => {
  const text = localStorage.getItem(key);
  return text === null ? undefined : keptSchema.safeParse(JSON.parse(text)).data;
};

/** The user's column preferences of a list, stored in this browser. */
export const useColumns = (name: string, columns: readonly { id: string }[], hidden: readonly string[]) => {
  const key = `tenantry-columns-${name}`;
  const [kept, setKept] = useState(() => read(key));
  const known = (kept?.contentDisplay ?? []).filter(({ id }) => columns.some((column) => column.id === id));
  // Columns added since the preferences were saved come last.
  const added = columns
    .filter(({ id }) => !known.some((column) => column.id === id))
    .map(({ id }) => ({ id, visible: !hidden.includes(id) }));
  const display = [...known, ...added];
  const preferences = { wrapLines: kept?.wrapLines ?? false, contentDisplay: display };
  const setPreferences = (chosen: CollectionPreferencesProps.Preferences) => {
    const next = keptSchema.parse(chosen);
    localStorage.setItem(key, JSON.stringify(next));
    setKept(next);
  };
  return { preferences, setPreferences, display };
};
