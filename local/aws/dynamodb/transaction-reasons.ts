import { AwsError } from '#local/aws/endpoint/service.ts';
import { dynamoDbError, hasType } from './errors.ts';
import type { Item } from './model.ts';

export interface Reason {
  Code: 'None' | 'ConditionalCheckFailed' | 'TransactionConflict' | 'ValidationError';
  Message?: string;
  Item?: Item;
}

/** Why an action stands in the way of its transaction; an error that is not about the action is thrown on. */
export function reasonOf(error: unknown): Reason {
  if (!(error instanceof AwsError) || hasType(error, 'ResourceNotFoundException')) throw error;
  const failed = hasType(error, 'ConditionalCheckFailedException');
  return { Code: failed ? 'ConditionalCheckFailed' : 'ValidationError', Message: error.message };
}

/** The refusal of a transaction: one reason for each of its actions, in their order. */
export function canceled(reasons: Reason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return dynamoDbError('TransactionCanceledException', message, { CancellationReasons: reasons });
}
