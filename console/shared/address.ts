/** A query as URL parameters; undefined values are omitted. */
export const addressOf = (query: Readonly<Record<string, string | undefined>>): URLSearchParams => {
  const parameters = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return new URLSearchParams(parameters);
};
