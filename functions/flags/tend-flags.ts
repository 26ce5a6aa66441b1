import type { ScheduledEvent } from 'aws-lambda';
import { definitionOf, entryOf } from '#core/flags/flag-set.ts';
import { dueDefinition, dueFlags } from '#core/flags/schedule.ts';
import { runKey } from '#functions/operation/run-key.ts';
import { onSchedule } from '#functions/shell/schedule.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { readChange, readSpread } from '#stores/flags/changes.ts';
import { readFlagSet, readFlagSetVersion } from '#stores/flags/flag-set.ts';
import { startSpread } from '#stores/workflows/executions.ts';
import { changeFlagSet } from './change-flag-set.ts';

/** Every minute: makes the scheduled changes that are due, and takes up changes that nobody carries any more. */
export const tendFlags = async (event: ScheduledEvent, log: Log): Promise<void> => {
  await takeUp(runKey(event), log);
  await makeDueChanges(event, log);
};

/** One flag whose change cannot be made does not hold up the others; what it failed by is thrown in the end. */
const makeDueChanges = async (event: ScheduledEvent, log: Log) => {
  const due = dueFlags((await readFlagSet()).set, event.time);
  const made = await Promise.allSettled(due.map((key) => makeDue(key, event, log)));
  const failed = made.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
};

/** A flag may have several changes due: they are made one by one, each with its own place in the history. */
const makeDue = async (key: string, event: ScheduledEvent, log: Log): Promise<void> => {
  const { time, id } = event;
  const outcome = await changeFlagSet({
    subject: { type: 'flag', name: key },
    cause: { actor: { type: 'schedule', id: 'tend-flags' }, requestId: id, source: {} },
    reason: 'scheduled',
    approval: 'given',
    decide: (set) => {
      const flag = entryOf(set.flags, key);
      const definition = flag && dueDefinition(definitionOf(flag), time);
      return definition ? { flags: { [key]: definition } } : {};
    },
  });
  if (outcome.kind !== 'changed') return;
  log.info('a scheduled change is made', { flag: key, operationId: outcome.operationId });
  await makeDue(key, event, log);
};

/**
 * Starts a run for a change that is still open: the one that had it may have died. Where it has not, the two meet at the
 * next step, and one of them ends.
 */
const takeUp = async (turn: string, log: Log) => {
  const [spread, version] = await Promise.all([readSpread(), readFlagSetVersion()]);
  if (spread.done >= version) return;
  const change = await readChange(spread.done + 1);
  if (!change) return;
  log.info('a change of flags is open: a run is started for it', { operationId: change.id });
  await startSpread(change, turn);
};

export const handler = onSchedule('tend-flags', tendFlags);
