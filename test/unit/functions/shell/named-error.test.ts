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

describe('what a service or the network may get over is dependency_unavailable', () => {
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

  test('an error whose model calls it retryable', () => {
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

  test('time-outs, the SDK’s and the platform’s', () => {
    expect(namedError(Object.assign(new Error('socket timed out'), { name: 'TimeoutError' })).code).toBe(
      'dependency_unavailable',
    );
    expect(namedError(new DOMException('aborted', 'TimeoutError')).code).toBe('dependency_unavailable');
  });

  test('a connection that is refused in truth', async () => {
    const refused = await new Promise<unknown>((resolve) => {
      connect({ host: 'localhost', port: 1 }).once('error', resolve);
    });
    expect(namedError(refused).code).toBe('dependency_unavailable');
  });
});

describe('what will fail again is internal', () => {
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

  test('a fault of the program', () => {
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

test('an error of the catalogue stays what it is', () => {
  const error = new AppError('slug_taken', 'The slug is in use.');
  expect(namedError(error)).toBe(error);
});

test('a workflow retries what the catalogue calls transient, and nothing else', () => {
  expect(errorCodes.filter((code) => isTransientError(new AppError(code, '')))).toEqual([
    'rate_limited',
    'dependency_unavailable',
    'shard_unreachable',
  ]);
});
