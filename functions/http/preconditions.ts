import { AppError } from '#core/contract/api/errors.ts';

type Headers = Record<string, string | undefined>;

/** The version as an ETag. */
export const entityTag = ({ version }: { version: number }) => `"${version}"`;

/** Returns the resource if its version matches `If-Match`, or if that is absent; throws `version_conflict` otherwise. */
export const versionMatching = <T extends { version: number }>(headers: Headers, read: T): T => {
  const wanted = headers['if-match'];
  if (wanted !== undefined && wanted !== '*' && wanted !== entityTag(read)) {
    throw new AppError(
      'version_conflict',
      `If-Match is ${wanted}, but the current version is ${entityTag(read)}. Read it again.`,
    );
  }
  return read;
};

/** Throws `version_conflict` for a PUT whose `If-Match` or `If-None-Match: *` does not match the existing resource. */
export const assertMayPut = (headers: Headers, existing: { version: number } | undefined) => {
  if (existing) {
    versionMatching(headers, existing);
    if (headers['if-none-match'] === '*') throw new AppError('version_conflict', 'The resource exists already.');
  } else if (headers['if-match'] !== undefined) {
    throw new AppError('version_conflict', 'If-Match is set, but the resource does not exist.');
  }
};

/** The caller's idempotency key: 1–128 visible ASCII characters. */
export const idempotencyKeyOf = (headers: Headers): string | undefined => {
  const key = headers['idempotency-key'];
  if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new AppError('invalid_request', 'Idempotency-Key must be 1–128 visible ASCII characters.');
  }
  return key;
};
