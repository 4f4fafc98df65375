import { defineConfig } from 'vitest/config';

/**
 * One configuration for every package: tests beside their source, one process a file so that each has a TensorFlow
 * engine of its own. The results are also written as JSON, from which CI counts.
 */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results.json' },
  },
});
