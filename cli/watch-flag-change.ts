import type { FlagChangeOperation } from '#core/contract/model/flag-changes.ts';
import type { OperationFeed } from './operation-feed.ts';
import type { Session } from './terminal.ts';

/** Follows a change of flags until every tenant it touches has been told, saying how far it is. */
export async function watchFlagChange({ say }: Session, feed: OperationFeed): Promise<FlagChangeOperation> {
  let told = -1;
  for (;;) {
    const change = await feed.untilChange(({ progress }) => progress.tenants !== told);
    if (change.status !== 'running') return change;
    told = change.progress.tenants;
    say(`${told} tenants looked at, ${change.progress.flips} flips told`);
  }
}
