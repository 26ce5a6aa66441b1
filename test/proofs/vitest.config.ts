import { defineConfig } from 'vitest/config';

/** The long proofs: one file at a time, since each may use every core, and what they count goes straight to the terminal. */
export default defineConfig({
  test: {
    include: ['test/proofs/**/*.proof.ts'],
    reporters: ['verbose'],
    pool: 'forks',
    fileParallelism: false,
    maxConcurrency: 8,
    disableConsoleIntercept: true,
    hookTimeout: 600_000,
    testTimeout: 600_000,
  },
});
