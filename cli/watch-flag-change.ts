import type { FlagChangeOperation } from '#core/contract/model/flag-changes.ts';
import type { OperationFeed } from './operation-feed.ts';
import type { Session } from './terminal.ts';

/** Follows a flag change until it has reached every tenant it affects, and prints its progress. */
export async function watchFlagChange({ say }: Session, feed: OperationFeed): Promise<FlagChangeOperation> {
  let reported = -1;
  for (;;) {
    const change = await feed.untilChange(({ progress }) => progress.tenants !== reported);
    if (change.status !== 'running') return change;
    reported = change.progress.tenants;
    say(`${reported} tenants checked, ${change.progress.flips} flips recorded`);
  }
}
