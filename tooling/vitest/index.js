import { defineConfig } from 'vitest/config';

/**
 * One configuration for every package: tests beside their source, one process a file so that each has a TensorFlow
 * engine of its own. The results are also written as JSON, from which CI counts.
 */
const config = defineConfig({
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

export default config;

/**
 * Files share two processes, which load the other packages and TensorFlow once, and as users load them: half of the
 * processor time of a package with many small files. Each file still gets the modules of its package anew. A test that
 * changes the state of its process restores it.
 */
export const sharedProcesses = defineConfig({
  test: {
    ...config.test,
    isolate: false,
    server: { deps: { external: [/\/(packages|apps)\/[^/]+\/dist\//] } },
  },
});
