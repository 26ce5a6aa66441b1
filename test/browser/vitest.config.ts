import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The console in a real Chromium, against the whole local system: `npm run test:browser`. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    hookTimeout: 120_000,
    testTimeout: 120_000,
  },
});
