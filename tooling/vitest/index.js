import { defineConfig } from 'vitest/config';

/**
 * One configuration for every package: tests beside their source, one process a file so that each has a TensorFlow
 * engine of its own, as many at a time as there are cores.
 */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
    passWithNoTests: false,
  },
});
