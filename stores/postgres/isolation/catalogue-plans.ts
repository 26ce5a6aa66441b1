/**
 * For the rest of a transaction, lets Postgres read the catalogue by its indexes. It cannot know that a namespace holds
 * a few of a catalogue's objects, and would read those of every tenant of the shard: the isolation check beside 150
 * namespaces took 57 ms so, and takes 7.
 */
export const oneNamespace =
  'set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off';
