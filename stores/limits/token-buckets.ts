import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '#core/change.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { latestFullAt, refillMs, type Taken, takeTokens } from '#core/limits/token-bucket.ts';
import { leaseMs } from '#core/limits/token-lease.ts';
import { documents } from '#stores/aws/clients.ts';
import { now as platformTime } from '#stores/aws/clock.ts';
import { retryOnConflict } from '#stores/retry-on-conflict.ts';

interface Take {
  key: Key;
  limits: Limits;
  wanted: number;
  /** When the bucket will be full, as last seen; an outdated value costs one more call. */
  fullAt: number;
  /** By the machine's clock, in milliseconds since 1970. */
  now: number;
}

const isLostRace = (error: unknown) => error instanceof ConditionalCheckFailedException;

/**
 * Takes as many of the wanted tokens as the bucket holds, in one conditional update. Throws what DynamoDB throws, and a
 * time-out after the lifetime of a lease.
 */
export const takeFromBucket = async (take: Take): Promise<Taken> => {
  let { fullAt } = take;
  const abortSignal = AbortSignal.timeout(leaseMs);
  const takeOnce = async (): Promise<Taken> => {
    const { tokens } = takeTokens(take.limits, fullAt, take.wanted, take.now);
    if (tokens === 0) return { tokens, fullAt };
    const update = fullAt <= take.now ? fromFull(take, tokens) : fromPartial(take, tokens);
    try {
      const { Attributes } = await documents.send(command(take, update), { abortSignal });
      return { tokens, fullAt: Number(Attributes?.['fullAt']) };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) fullAt = Number(error.Item?.['fullAt']?.N ?? 0);
      throw error;
    }
  };
  try {
    // A lost race returns the newest state, so the next attempt needs hardly a pause.
    return await retryOnConflict({ isConflict: isLostRace, attempts: 5, maxPauseMs: 2 }, takeOnce);
  } catch (error) {
    if (isLostRace(error)) return { tokens: 0, fullAt };
    throw error;
  }
};

interface Update {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeValues: Record<string, number>;
}

/** Takes from a bucket that is full, or new. */
const fromFull = ({ limits, now }: Take, tokens: number): Update => ({
  UpdateExpression: 'SET expiresAt = :expiresAt, fullAt = :next',
  ConditionExpression: 'attribute_not_exists(fullAt) OR fullAt <= :now',
  ExpressionAttributeValues: { ':now': now, ':next': now + refillMs(limits, tokens) },
});

/** Takes from a bucket that is not full: many can do so at once. */
const fromPartial = ({ limits, now }: Take, tokens: number): Update => ({
  UpdateExpression: 'SET expiresAt = :expiresAt ADD fullAt :cost',
  ConditionExpression: 'fullAt > :now AND fullAt <= :latest',
  ExpressionAttributeValues: {
    ':now': now,
    ':cost': refillMs(limits, tokens),
    ':latest': latestFullAt(limits, tokens, now),
  },
});

/** An item is useless once its bucket is full; the hour allows for clocks that differ. Time to live uses the platform's clock. */
const keptSeconds = 3_600;

const command = ({ key, limits }: Take, { ExpressionAttributeValues, ...update }: Update) =>
  new UpdateCommand({
    TableName: tableNames.limits,
    Key: key,
    ...update,
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ':expiresAt': Math.ceil((platformTime() + refillMs(limits, limits.burst)) / 1000) + keptSeconds,
    },
    ReturnValues: 'UPDATED_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
