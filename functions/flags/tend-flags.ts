import type { ScheduledEvent } from 'aws-lambda';
import { definitionOf, entryOf } from '#core/flags/flag-set.ts';
import { dueDefinition, dueFlags } from '#core/flags/schedule.ts';
import { deps } from '#functions/deps.ts';
import { runKey } from '#functions/operation/run-key.ts';
import { onSchedule } from '#functions/shell/schedule.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { readChange, readSpread } from '#stores/flags/changes.ts';
import { readFlagSet, readFlagSetVersion } from '#stores/flags/flag-set.ts';
import { startSpread } from '#stores/workflows/executions.ts';
import { changeFlagSet } from './change-flag-set.ts';

/** Every minute: makes the scheduled changes that are due, and resumes a change whose propagation has stopped. */
export const tendFlags = async (event: ScheduledEvent, log: Log): Promise<void> => {
  await resume(runKey(event), log);
  await makeDueChanges(event.id, log);
};

/** One flag whose change fails does not hold up the others; its error is thrown at the end. */
const makeDueChanges = async (requestId: string, log: Log) => {
  const due = dueFlags((await readFlagSet()).set, deps.now());
  const made = await Promise.allSettled(due.map((key) => makeDue(key, requestId, log)));
  const failed = made.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
};

/** A flag may have several changes due: they are made one by one, each as a version of its own. */
const makeDue = async (key: string, requestId: string, log: Log): Promise<void> => {
  const outcome = await changeFlagSet({
    subject: { type: 'flag', name: key },
    cause: { actor: { type: 'schedule', id: 'tend-flags' }, requestId, source: {} },
    reason: 'scheduled',
    approval: 'given',
    decide: (set) => {
      const flag = entryOf(set.flags, key);
      const definition = flag && dueDefinition(definitionOf(flag), deps.now());
      return definition ? { flags: { [key]: definition } } : {};
    },
  });
  if (outcome.kind !== 'changed') return;
  log.info('a scheduled change is made', { flag: key, operationId: outcome.operationId });
  await makeDue(key, requestId, log);
};

/** Starts a run for a change that is still open, since its run may have died; if not, one of the two ends at its next step. */
const resume = async (turn: string, log: Log) => {
  const [spread, version] = await Promise.all([readSpread(), readFlagSetVersion()]);
  if (spread.done >= version) return;
  const change = await readChange(spread.done + 1);
  if (!change) return;
  log.info('a change of flags is open: a run is started for it', { operationId: change.id });
  await startSpread(change, turn);
};

export const handler = onSchedule('tend-flags', tendFlags);
