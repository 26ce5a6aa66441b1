import { AppError } from '#core/contract/api/errors.ts';

type Headers = Record<string, string | undefined>;

/** The version as an entity tag. */
export const entityTag = ({ version }: { version: number }) => `"${version}"`;

/** Gives back what was read if it is what `If-Match` asks for, or if nothing is asked; else `version_conflict`. */
export const versionMatching = <T extends { version: number }>(headers: Headers, read: T): T => {
  const wanted = headers['if-match'];
  if (wanted !== undefined && wanted !== '*' && wanted !== entityTag(read)) {
    throw new AppError(
      'version_conflict',
      `If-Match is ${wanted}, but the version is ${entityTag(read)}. Read it again.`,
    );
  }
  return read;
};

/** Refuses, with `version_conflict`, a PUT whose `If-Match` or `If-None-Match: *` does not hold of what is there. */
export const assertMayPut = (headers: Headers, existing: { version: number } | undefined) => {
  if (existing) {
    versionMatching(headers, existing);
    if (headers['if-none-match'] === '*') throw new AppError('version_conflict', 'There is one already.');
  } else if (headers['if-match'] !== undefined) {
    throw new AppError('version_conflict', 'If-Match is given, but there is none yet, or none any more.');
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
