import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { AppError, errorCodes } from '#core/contract/api/errors.ts';
import { isTransientError, namedError } from '#functions/shell/named-error.ts';

/** An error as the SDK throws it: a name, a status, and what its model says of it. */
const serviceError = (name: string, httpStatusCode: number, rest: object = {}) =>
  Object.assign(new Error('from the service'), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode, attempts: 4 },
    ...rest,
  });
const networkError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('a transient error of a service or the network is dependency_unavailable', () => {
  test.for([
    ['ThrottlingException', 400],
    ['ProvisionedThroughputExceededException', 400],
    ['RequestLimitExceeded', 400],
    ['TooManyRequestsException', 400],
    ['TransactionInProgressException', 400],
    ['TooManyRequestsException', 429],
    ['InternalServerError', 500],
    ['ServiceUnavailable', 503],
    ['SlowDown', 503],
  ] as const)('%s with status %i', ([name, status]) => {
    expect(namedError(serviceError(name, status))).toMatchObject({
      name: 'DependencyUnavailable',
      code: 'dependency_unavailable',
      message: `${name}: from the service`,
    });
  });

  test('an error that its model marks as retryable', () => {
    expect(namedError(serviceError('ReplicatedWriteConflictException', 400, { $retryable: {} }))).toMatchObject({
      code: 'dependency_unavailable',
    });
  });

  test.for([
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
  ])('the network’s %s', (code) => {
    expect(namedError(networkError(code)).code).toBe('dependency_unavailable');
  });

  test('time-outs of the SDK and of the platform', () => {
    expect(namedError(Object.assign(new Error('socket timed out'), { name: 'TimeoutError' })).code).toBe(
      'dependency_unavailable',
    );
    expect(namedError(new DOMException('aborted', 'TimeoutError')).code).toBe('dependency_unavailable');
  });

  test('a connection that is really refused', async () => {
    const refused = await new Promise<unknown>((resolve) => {
      connect({ host: 'localhost', port: 1 }).once('error', resolve);
    });
    expect(namedError(refused).code).toBe('dependency_unavailable');
  });
});

describe('any other error is internal', () => {
  test.for([
    ['AccessDeniedException', 400],
    ['AccessDenied', 403],
    ['ValidationException', 400],
    ['ConditionalCheckFailedException', 400],
    ['ResourceNotFoundException', 400],
    ['LimitExceededException', 400],
    ['UnrecognizedClientException', 400],
  ] as const)('%s with status %i', ([name, status]) => {
    expect(namedError(serviceError(name, status))).toMatchObject({
      code: 'internal',
      message: `${name}: from the service`,
    });
  });

  test('a programming error', () => {
    const fault = new TypeError('x is not a function');
    expect(namedError(fault)).toMatchObject({
      code: 'internal',
      message: 'TypeError: x is not a function',
      cause: fault,
    });
  });

  test.for([undefined, null, 'text', 7, { code: 'ECONNREFUSED' }])(
    'something thrown that is no error: %j',
    (thrown) => {
      expect(namedError(thrown)).toMatchObject({ code: 'internal', message: `A ${typeof thrown} was thrown.` });
    },
  );
});

test('an error of the catalogue is left unchanged', () => {
  const error = new AppError('slug_taken', 'The slug is in use.');
  expect(namedError(error)).toBe(error);
});

test('a workflow retries the errors that the catalogue marks as transient, and no others', () => {
  expect(errorCodes.filter((code) => isTransientError(new AppError(code, '')))).toEqual([
    'rate_limited',
    'dependency_unavailable',
    'shard_unreachable',
  ]);
});
