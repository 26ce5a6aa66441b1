import type { Change } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { keys } from '#core/keys.ts';
import { commit } from './commit.ts';

/** EventBridge retries an event for a day, Lambda for six hours more. */
const rememberedSeconds = 2 * 86_400;

const repeated = 'version_conflict';

/** Commits the change that a delivered event leads to, once however often the event is delivered. */
export const commitOnce = async (change: Change, eventId: string, now: string): Promise<void> => {
  const expiresAt = Math.floor(Date.parse(now) / 1000) + rememberedSeconds;
  try {
    await commit({
      ...change,
      writes: [
        ...change.writes,
        {
          kind: 'put',
          table: 'audit',
          item: { ...keys.seen(change.stream, eventId), expiresAt },
          guard: {
            condition: { absent: true },
            otherwise: { code: repeated, message: `Event ${eventId} was processed before.` },
          },
        },
      ],
    });
  } catch (error) {
    if (!(error instanceof AppError && error.code === repeated)) throw error;
  }
};
