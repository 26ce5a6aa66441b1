import { AppError } from '#core/contract/api/errors.ts';

/** The driver's error behind an error of the catalogue. */
const rootOf = (error: unknown): unknown => (error instanceof AppError ? error.cause : error);

/** The SQLSTATE of an error from Postgres, or the code of a network error. */
export const codeOf = (error: unknown): string | undefined => {
  const root = rootOf(error);
  return root instanceof Error && 'code' in root && typeof root.code === 'string' ? root.code : undefined;
};

export const sqlState = {
  duplicateObject: '42710',
  duplicateSchema: '42P06',
  insufficientPrivilege: '42501',
  invalidPassword: '28P01',
  invalidAuthorization: '28000',
  lockNotAvailable: '55P03',
  deadlock: '40P01',
  tooManyConnections: '53300',
  undefinedDatabase: '3D000',
  uniqueViolation: '23505',
} as const;

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EPIPE',
  'EAI_AGAIN',
]);

/** Class 08 is a connection failure, 57P01–03 a server shutting down or starting, 53300 one without free connections. */
export const isConnectionLoss = (error: unknown): boolean => {
  const code = codeOf(error);
  if (code === undefined) {
    return (
      error instanceof Error && /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
    );
  }
  return networkCodes.has(code) || /^(08...|57P0[123])$/.test(code) || code === sqlState.tooManyConnections;
};

/** Two sessions changed one catalogue row: Postgres has no code for it. */
const isCatalogueRace = (error: unknown) =>
  error instanceof Error && /^tuple concurrently (updated|deleted)$/.test(error.message);

/** Conflicts between two sessions: the loser succeeds on a retry. */
export const isContention = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === sqlState.lockNotAvailable || code === sqlState.deadlock || isCatalogueRace(error);
};

/** Races between statements that create the same object: a retry finds it created. */
const isCreationRace = (error: unknown): boolean => {
  const code = codeOf(error);
  return (
    code === sqlState.duplicateObject ||
    code === sqlState.duplicateSchema ||
    code === sqlState.uniqueViolation ||
    isContention(error)
  );
};

/** Few attempts, since each waits up to its lock time-out. */
export const onContention = { isConflict: isContention, attempts: 6 } as const;
export const onCreationRace = { isConflict: isCreationRace, attempts: 10 } as const;
