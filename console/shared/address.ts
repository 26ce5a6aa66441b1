/** A query as an address carries it; what is not asked for is left out. */
export const addressOf = (query: Readonly<Record<string, string | undefined>>): URLSearchParams => {
  const asked = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return new URLSearchParams(asked);
};
