/**
 * Stands in for `jiti` in the bundles: node-pg-migrate would load migrations written in TypeScript with it, and so
 * carries a compiler of 190 kB. The application's migrations are SQL.
 */
export const createJiti = () => ({
  import: (file: string) => Promise.reject(new Error(`${file} is not SQL: migrations are SQL files`)),
});
