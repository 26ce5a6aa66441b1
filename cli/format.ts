/** `2026-11-22T12:00:00.123Z` → `2026-11-22 12:00:00Z` */
export const time = (iso: string) => iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');

/** A duration in seconds; undefined while it has not ended. */
export const duration = ({ startedAt, endedAt }: { startedAt?: string | undefined; endedAt?: string | undefined }) =>
  startedAt && endedAt ? `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(2)} s` : undefined;

/** How to follow an operation, as a line of a message. */
export const followText = (operationId: string) => `Follow it with: tenantry operation ${operationId} --watch`;
