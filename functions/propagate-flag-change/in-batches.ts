/** Does the work for every item, at most `size` at a time, and throws the first error once its batch has ended. */
export const inBatches = async <T>(
  size: number,
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> => {
  for (let from = 0; from < items.length; from += size) {
    const results = await Promise.allSettled(items.slice(from, from + size).map(work));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
};
