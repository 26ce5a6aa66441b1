import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,local,infra}/**/*.test.ts'],
    pool: 'forks',
    // Much of the time of a file that drives the whole system is spent waiting: a third fills two cores.
    maxWorkers: 3,
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
});
