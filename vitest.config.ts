import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,local,infra}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
});
