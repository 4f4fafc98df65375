import { smokeTest } from './smokeTest.js';

smokeTest(process.argv[2]).then(
  (result) => process.stdout.write(`\n${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
