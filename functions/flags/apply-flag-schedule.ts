import type { ScheduledEvent } from 'aws-lambda';
import { definitionOf, entryOf } from '#core/flags/flag-set.ts';
import { dueDefinition, dueFlags } from '#core/flags/schedule.ts';
import { deps } from '#functions/deps.ts';
import { onSchedule } from '#functions/shell/schedule.ts';
import type { Log } from '#functions/shell/telemetry.ts';
import { readFlagSet } from '#stores/flags/flag-set.ts';
import { changeFlagSet } from './change-flag-set.ts';

/** Every minute: makes the scheduled changes that are due. One that fails holds up no other; its error is rethrown. */
export const applyFlagSchedule = async (event: ScheduledEvent, log: Log): Promise<void> => {
  const due = dueFlags((await readFlagSet()).set, deps.now());
  const made = await Promise.allSettled(due.map((key) => makeDue(key, event.id, log)));
  const failed = made.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
};

/** A flag may have several changes due: they are made one by one, each as a version of its own. */
const makeDue = async (key: string, requestId: string, log: Log): Promise<void> => {
  const outcome = await changeFlagSet({
    subject: { type: 'flag', name: key },
    cause: { actor: { type: 'schedule', id: 'apply-flag-schedule' }, requestId, source: {} },
    reason: 'scheduled',
    approval: 'granted',
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

export const handler = onSchedule('apply-flag-schedule', applyFlagSchedule);
