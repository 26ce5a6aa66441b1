import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** Postgres's own default, and the minimum of RFC 7677. */
const iterations = 4096;

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * The SCRAM-SHA-256 verifier of a password, as Postgres stores it (RFC 5802, RFC 7677). SQL statements contain it
 * instead of the password, which would be readable in the server's log and statistics. ASCII passwords only: others
 * would need SASLprep.
 */
export const scramVerifier = async (password: string, salt: Buffer = randomBytes(16)): Promise<string> => {
  if (!/^[\x21-\x7e]+$/.test(password)) throw new TypeError('A database password is printable ASCII without spaces.');
  const salted = await derive(password, salt, iterations, 32, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
  const serverKey = hmac(salted, 'Server Key');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey.toString('base64')}:${serverKey.toString('base64')}`;
};
