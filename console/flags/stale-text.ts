import type { Staleness } from '#core/contract/model/flag-changes.ts';

/** Why the flag could go, in a few words. */
export const staleText = ({ reason, variant }: Staleness): string => {
  if (reason === 'expired') return 'expired';
  return typeof variant === 'string' ? `everyone has ${variant}` : 'nobody has it';
};
