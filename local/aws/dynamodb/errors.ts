import { AwsError } from '#local/aws/endpoint/service.ts';
import type { Json } from './model.ts';

export const validationError = (message: string) =>
  new AwsError('com.amazon.coral.validate#ValidationException', message);

export const dynamoDbError = (type: string, message: string, fields: Json = {}) =>
  new AwsError(`com.amazonaws.dynamodb.v20120810#${type}`, message, 400, fields);

export const hasType = (error: AwsError, type: string) => error.name.endsWith(`#${type}`);

interface EngineError extends Error {
  statusCode: number;
  body: { __type: string; message?: string; Message?: string };
}
const isEngineError = (error: unknown): error is EngineError =>
  error instanceof Error && 'statusCode' in error && 'body' in error;

/** What dynalite answers, as the service sends it; anything else is left as it is. */
export function fromEngine(error: unknown): unknown {
  if (!isEngineError(error)) return error;
  const { __type, message, Message = '' } = error.body;
  return new AwsError(__type, message ?? Message, error.statusCode);
}
