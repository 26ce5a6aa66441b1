import type { ScheduledEvent } from 'aws-lambda';
import { definitionOf, entryOf } from '#core/flags/flag-set.ts';
import { dueDefinition, dueFlags } from '#core/flags/schedule.ts';
import { turnOf } from '#functions/onboarding/turns.ts';
import { onSchedule } from '#functions/shell/schedule.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { startSpread } from '#stores/executions.ts';
import { readChange, readSpread } from '#stores/flag-changes.ts';
import { readFlagSet, readFlagSetVersion } from '#stores/flag-set.ts';
import { changeFlagSet } from './change-flag-set.ts';

/** Every minute: makes the scheduled changes that are due, and takes up changes that nobody carries any more. */
export const tendFlags = async (event: ScheduledEvent, log: Log): Promise<void> => {
  await takeUp(turnOf(event), log);
  await makeDueChanges(event, log);
};

/** A flag may have several changes due: they are made one by one, each with its own place in the history. */
const makeDueChanges = async ({ time, id }: ScheduledEvent, log: Log) => {
  const cause = { actor: { type: 'schedule', id: 'tend-flags' }, requestId: id, source: {} } as const;
  for (let due = await nextDue(time); due !== undefined; due = await nextDue(time)) {
    const key = due;
    log.info(`a scheduled change of ${key} is made`);
    await changeFlagSet({
      subject: { type: 'flag', name: key },
      cause,
      reason: 'scheduled',
      approval: 'given',
      decide: (set) => {
        const flag = entryOf(set.flags, key);
        const definition = flag && dueDefinition(definitionOf(flag), time);
        return definition ? { flags: { [key]: definition } } : {};
      },
    });
  }
};

const nextDue = async (time: string) => dueFlags((await readFlagSet()).set, time)[0];

/** A change that has been open since before this minute's run was started by a process that may have died. */
const takeUp = async (turn: string, log: Log) => {
  const [spread, version] = [await readSpread(), await readFlagSetVersion()];
  if (spread.done >= version) return;
  const change = await readChange(spread.done + 1);
  if (!change) return;
  log.warn('a change of flags is taken up again', { operationId: change.id });
  await startSpread(change, turn);
};

export const handler = onSchedule('tend-flags', tendFlags);
