import type { Change } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import { keys } from '#core/keys.ts';
import { commit } from './commit.ts';

/** EventBridge gives up on an event after a day, Lambda after six hours more. */
const rememberedSeconds = 2 * 86_400;

const repeated = 'version_conflict';

/** Commits what a delivered event leads to, unless it was delivered and committed before. */
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
            otherwise: { code: repeated, message: `Event ${eventId} was taken before.` },
          },
        },
      ],
    });
  } catch (error) {
    if (!(error instanceof AppError && error.code === repeated)) throw error;
  }
};
