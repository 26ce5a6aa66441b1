import { describe, expect, test } from 'vitest';
import { AppError, errorCatalogue, errorCodeOf, errorCodes, workflowErrorName } from '#core/contract/api/errors.ts';
import { errorsOf } from '#core/contract/api/http.ts';
import { routeTable } from '#core/contract/api/routes.ts';

test('an error says where in the code it was thrown, whatever its status', () => {
  expect(new AppError('internal', 'broken').stack).toContain('errors.test.ts');
  expect(new AppError('operation_ended', 'over').stack).toContain('errors.test.ts');
});

describe('the error catalogue', () => {
  test.for(errorCodes)('%s has one name in workflows, which maps back to it', (code) => {
    expect(workflowErrorName(code)).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(errorCodeOf(workflowErrorName(code))).toBe(code);
  });

  test('has the documented names and statuses', () => {
    const promised = {
      400: ['invalid_request'],
      401: ['not_authenticated'],
      403: ['not_allowed', 'tenant_suspended'],
      404: ['not_found'],
      409: [
        'slug_taken',
        'idempotency_mismatch',
        'invalid_transition',
        'operation_in_progress',
        'version_conflict',
        'in_use',
        'approval_required',
        'user_exists',
        'last_administrator',
        'no_capacity',
        'flag_not_defined',
        'operation_ended',
      ],
      413: ['too_large'],
      429: ['rate_limited'],
      500: ['internal', 'schema_not_isolated', 'migration_failed', 'health_check_failed', 'rotation_failed'],
      503: ['dependency_unavailable', 'shard_unreachable'],
    };
    const found = Object.groupBy(errorCodes, (code) => errorCatalogue[code].status);
    expect(found).toEqual(promised);
    expect(workflowErrorName('slug_taken')).toBe('SlugTaken');
  });

  test('marks only temporary errors as transient', () => {
    expect(errorCodes.filter((code) => errorCatalogue[code].transient)).toEqual([
      'rate_limited',
      'dependency_unavailable',
      'shard_unreachable',
    ]);
  });

  test.for(['States.Timeout', 'Lambda.Unknown', 'TypeError', '', 'internal', 'constructor'])(
    'takes the foreign name "%s" for internal',
    (name) => {
      expect(errorCodeOf(name)).toBe('internal');
    },
  );
});

describe('an error of the catalogue', () => {
  test('has its workflow name (also when minified), its cause and its field errors', () => {
    const cause = new Error('socket hang up');
    const errors = [{ path: '/tier', message: 'must be one of starter' }];
    const error = new AppError('dependency_unavailable', 'Secrets Manager does not answer.', { cause, errors });
    expect(error).toMatchObject({
      name: 'DependencyUnavailable',
      code: 'dependency_unavailable',
      message: 'Secrets Manager does not answer.',
      errors,
      cause,
    });
    expect(error).toBeInstanceOf(Error);
  });

  test('has no cause unless one is given', () => {
    expect(new AppError('internal', '')).not.toHaveProperty('cause');
  });
});

test.for(routeTable)('$operationId lists every error that its route implies', (route) => {
  const codes = errorsOf(route);
  expect(codes.includes('not_allowed')).toBe(route.access !== 'public');
  expect(codes.includes('not_found')).toBe(route.path.includes('{'));
  expect(codes.includes('too_large')).toBe(route.body !== undefined);
  expect(codes).toEqual(expect.arrayContaining(['internal', 'dependency_unavailable', ...(route.errors ?? [])]));
  expect(new Set(codes).size).toBe(codes.length);
});
