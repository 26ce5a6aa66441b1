import { randomBytes } from 'node:crypto';

/** Returns a random password of 256 bits, in letters, digits, `-` and `_`. */
export const newPassword = (): string => randomBytes(32).toString('base64url');
