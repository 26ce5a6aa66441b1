import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/contract/api/errors.ts';
import { isolationCheckSql } from './isolation/isolation-check-sql.ts';
import { protection } from './isolation/protection.ts';

/** One migration: plain SQL that only goes forward. */
interface MigrationFile {
  readonly name: string;
  readonly path: string;
  readonly sql: string;
  readonly digest: string;
}

export interface ApplicationSchema {
  readonly folder: string;
  readonly files: readonly MigrationFile[];
  /** Changes with any file, and with the protection and the isolation check applied after them. */
  readonly digest: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The rules that namespaces are protected and checked with: a new version of Tenantry seeds them again. */
const rules = protection('n', 'g') + isolationCheckSql;

const assertNames = (names: readonly string[], folder: string) => {
  if (names.length === 0) throw new AppError('migration_failed', `${folder} contains no .sql file.`);
  const width = /^\d+/.exec(names[0] ?? '')?.[0].length;
  for (const name of names) {
    // Numbers of equal width sort alike as text and as numbers.
    if (/^(\d+)_[\w-]+\.sql$/.exec(name)?.[1]?.length === width) continue;
    throw new AppError(
      'migration_failed',
      `${name}: a migration's name is a number of fixed width and a word, as in 0001_tickets.sql`,
    );
  }
};

const readMigration = async (folder: string, name: string): Promise<MigrationFile> => {
  const path = join(folder, name);
  const sql = await readFile(path, 'utf8');
  if (/^\s*--[\s-]*down\s+migration/im.test(sql)) {
    throw new AppError('migration_failed', `${name} has a "Down Migration" section: migrations only go forward.`);
  }
  return { name, path, sql, digest: sha256(sql) };
};

/** Reads the migrations of an application, in lexical order; throws `migration_failed` if they are not usable. */
export const readSchema = async (folder: string): Promise<ApplicationSchema> => {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new AppError('migration_failed', `The migrations folder ${folder} cannot be read.`, { cause });
  });
  const names = entries.filter((name) => name.endsWith('.sql') && !name.startsWith('.')).toSorted();
  assertNames(names, folder);
  const files = await Promise.all(names.map((name) => readMigration(folder, name)));
  return { folder, files, digest: sha256([...files.map((file) => `${file.name} ${file.digest}`), rules].join('\n')) };
};
