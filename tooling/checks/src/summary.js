// Adds up what every package's tests reported and prints the closing line of a CI run. Each argument names a step of that
// run that failed; where no test says why, the step counts as one failure.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let passed = 0;
let failed = 0;
let skipped = 0;
const packages = ['packages', 'apps', 'tooling'].flatMap((parent) =>
  readdirSync(root + parent).map((name) => `${parent}/${name}`),
);
for (const name of [...packages, 'benchmarks', 'examples']) {
  const folder = `${root}${name}/`;
  if (!existsSync(folder + 'package.json')) continue;
  const { scripts = {} } = JSON.parse(readFileSync(folder + 'package.json', 'utf8'));
  for (const [script, file] of [
    ['test', 'test-results.json'],
    ['check:packages', 'package-results.json'],
  ]) {
    if (scripts[script] === undefined) continue;
    if (!existsSync(folder + file)) {
      console.log(`${name}: "${script}" left no result`);
      failed++;
      continue;
    }
    const result = JSON.parse(readFileSync(folder + file, 'utf8'));
    const broken = result.testResults.filter(
      (suite) =>
        suite.status === 'failed' &&
        suite.assertionResults.every((test) => test.status !== 'failed'),
    );
    console.log(
      `${name} ${script}: ${result.numPassedTests} passed, ${result.numFailedTests + broken.length} failed, ${result.numPendingTests} skipped`,
    );
    passed += result.numPassedTests;
    failed += result.numFailedTests + broken.length;
    skipped += result.numPendingTests;
  }
}
if (failed === 0) {
  for (const step of process.argv.slice(2)) {
    console.log(`step failed: ${step}`);
    failed++;
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
