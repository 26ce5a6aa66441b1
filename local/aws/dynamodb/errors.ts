import { AwsError } from '#local/aws/endpoint/service.ts';

export const validationError = (message: string) => new AwsError('ValidationException', message);

export const tableNotFound = (name: string) =>
  new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);

export const conditionFailed = 'ConditionalCheckFailedException';
