/**
 * Replaces `jiti` in the bundles. node-pg-migrate uses it to load migrations written in TypeScript, which adds a
 * compiler of 190 kB; the application's migrations are SQL.
 */
export const createJiti = () => ({
  import: (file: string) => Promise.reject(new Error(`${file} is not an SQL file, which migrations must be`)),
});
