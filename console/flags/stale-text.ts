import type { Staleness } from '#core/contract/model/flag-changes.ts';

/** Why the flag is stale, in a few words. */
export const staleText = ({ reason, variant }: Staleness): string => {
  if (reason === 'expired') return 'expired';
  return typeof variant === 'string' ? `everyone has ${variant}` : "everyone has the application's own default";
};
