import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '#core/change.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { latestFullAt, refillMs, type Taken, takeTokens } from '#core/limits/token-bucket.ts';
import { leaseMs } from '#core/limits/token-lease.ts';
import { documents } from '#stores/aws/clients.ts';
import { now as platformTime } from '#stores/aws/clock.ts';

interface Take {
  key: Key;
  limits: Limits;
  wanted: number;
  /** The bucket as it was last seen; a wrong guess costs one more call. */
  fullAt: number;
  /** By the machine's clock, in milliseconds since 1970. */
  now: number;
}

/** Each lost try brings the newest state, so that the next one loses only to a taker in the same millisecond. */
const maxTries = 5;

/**
 * Takes as many of the wanted tokens as the bucket holds, in one conditional update. Throws what DynamoDB throws, and
 * when it takes longer than a lease would be good for.
 */
export const takeFromBucket = async (take: Take): Promise<Taken> => {
  let { fullAt } = take;
  const abortSignal = AbortSignal.timeout(leaseMs);
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const { tokens } = takeTokens(take.limits, fullAt, take.wanted, take.now);
    if (tokens === 0) break;
    try {
      const update = fullAt <= take.now ? beginAnew(take, tokens) : addTo(take, tokens);
      const { Attributes } = await documents.send(command(take, update), { abortSignal });
      return { tokens, fullAt: Number(Attributes?.['fullAt']) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      fullAt = Number(error.Item?.['fullAt']?.N ?? 0);
    }
  }
  return { tokens: 0, fullAt };
};

interface Update {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeValues: Record<string, number>;
}

/** A bucket that is full, or was never asked. */
const beginAnew = ({ limits, now }: Take, tokens: number): Update => ({
  UpdateExpression: 'SET expiresAt = :expiresAt, fullAt = :next',
  ConditionExpression: 'attribute_not_exists(fullAt) OR fullAt <= :now',
  ExpressionAttributeValues: { ':now': now, ':next': now + refillMs(limits, tokens) },
});

/** One that is being emptied: many can add to it side by side. */
const addTo = ({ limits, now }: Take, tokens: number): Update => ({
  UpdateExpression: 'SET expiresAt = :expiresAt ADD fullAt :cost',
  ConditionExpression: 'fullAt > :now AND fullAt <= :latest',
  ExpressionAttributeValues: {
    ':now': now,
    ':cost': refillMs(limits, tokens),
    ':latest': latestFullAt(limits, tokens, now),
  },
});

/** An item is of no use once its bucket is full; the hour is for clocks that differ. DynamoDB expires it by the platform's. */
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
