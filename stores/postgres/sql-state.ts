import { AppError } from '#core/contract/api/errors.ts';

/** What the driver raised, before it was given a name of the catalogue. */
const rootOf = (error: unknown): unknown => (error instanceof AppError ? error.cause : error);

/** The SQLSTATE of an error that Postgres sent, or the code of one that the network layer raised. */
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

/** Class 08 is connection trouble, 57P01–03 a server going down or coming up, 53300 one that is full. */
export const isConnectionLoss = (error: unknown): boolean => {
  const code = codeOf(error);
  if (code === undefined) {
    return (
      error instanceof Error && /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
    );
  }
  return networkCodes.has(code) || /^(08...|57P0[123])$/.test(code) || code === sqlState.tooManyConnections;
};

/** Two sessions changing one catalogue row: Postgres has no code of its own for it. */
const isCatalogueRace = (error: unknown) =>
  error instanceof Error && /^tuple concurrently (updated|deleted)$/.test(error.message);

/** Errors of two sessions in each other's way: the loser succeeds when it tries again. */
export const isContention = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === sqlState.lockNotAvailable || code === sqlState.deadlock || isCatalogueRace(error);
};

/** Races of statements that make what must exist once: the repeat finds it made. */
const isCreationRace = (error: unknown): boolean => {
  const code = codeOf(error);
  return (
    code === sqlState.duplicateObject ||
    code === sqlState.duplicateSchema ||
    code === sqlState.uniqueViolation ||
    isContention(error)
  );
};

/** Each attempt waits up to its lock time-out. */
export const onContention = { isConflict: isContention, attempts: 6 } as const;
export const onCreationRace = { isConflict: isCreationRace, attempts: 10 } as const;
