import { AwsError } from '#local/aws/endpoint/service.ts';

/** Status of the errors a fault may ask for, where it is not the 500 of a service's own failure. */
const statuses: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  PreconditionFailed: 412,
  ServiceUnavailable: 503,
  SlowDown: 503,
};

const badRequests = new Set([
  'AccessDeniedException',
  'ConditionalCheckFailedException',
  'ExecutionAlreadyExists',
  'ExecutionDoesNotExist',
  'ExecutionLimitExceeded',
  'IdempotentParameterMismatchException',
  'InvalidParameterException',
  'InvalidRequestException',
  'ItemCollectionSizeLimitExceededException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ResourceExistsException',
  'ResourceNotFoundException',
  'StateMachineDoesNotExist',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionCanceledException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ValidationException',
]);

/** The refusal an AWS service would send under this name; an unknown name is a failure of the service. */
export function awsErrorNamed(name: string, operation: string): AwsError {
  const status = statuses[name] ?? (badRequests.has(name) ? 400 : 500);
  const message = `A fault injected into ${operation}`;
  const reasons = [{ Code: 'TransactionConflict', Message: message }];
  const fields = name === 'TransactionCanceledException' ? { CancellationReasons: reasons } : {};
  return new AwsError(name, message, status, fields);
}
