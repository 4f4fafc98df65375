import { smokeTest } from './smokeTest.js';

smokeTest(process.argv[2]).then(
  (result) => process.stdout.write(`\n${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stderr.write(
      `\n${String(error instanceof Error ? error.message : error).split('\n')[0]}\n`,
    );
    process.exitCode = 1;
  },
);
