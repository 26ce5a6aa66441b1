/** A duration in ms as short text: `0.14 s`, `12 s`, `3 min 5 s`. */
export const durationText = (ms: number): string => {
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** The duration between two times; undefined unless both are known. */
export const betweenText = (from: string | undefined, to: string | undefined): string | undefined =>
  from === undefined || to === undefined ? undefined : durationText(Date.parse(to) - Date.parse(from));
