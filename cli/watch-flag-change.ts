import { setTimeout } from 'node:timers/promises';
import type { FlagChangeOperation } from '#core/contract/flag-changes.ts';
import type { Session } from './terminal.ts';

const pauseMs = 300;

/** Follows a change of flags until every tenant it touches has been told, saying how far it is. */
export async function watchFlagChange(
  { say }: Session,
  first: FlagChangeOperation,
  read: () => Promise<FlagChangeOperation>,
): Promise<FlagChangeOperation> {
  let change = first;
  for (let told = -1; change.status === 'running'; change = await read()) {
    const { tenants, flips } = change.progress;
    if (tenants !== told) say(`${tenants} tenants looked at, ${flips} flips told`);
    told = tenants;
    await setTimeout(pauseMs);
  }
  return change;
}
