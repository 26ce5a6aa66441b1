import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    // Half of the time of a file that drives the whole system is spent waiting: four of them fill two cores.
    maxWorkers: 4,
    hookTimeout: 60_000,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        // Pure code: its modules are loaded once for all files.
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false },
      },
      { extends: true, test: { name: 'system', include: ['test/{local,infra,operations}/**/*.test.ts'] } },
    ],
  },
});
