/*
 * Measures the speed of nonlocal-med and, with --python, that of PyTorch and OpenCV. `pnpm bench` builds first:
 *   pnpm bench [--only steps,attention] [--python PYTHON] [--rounds 5] [--threads 2] [--kernels measured|fixed]
 *              [--results FOLDER] [--quick]
 * Each side of a case runs in a separate process, and their rounds alternate. The results are printed as a table and
 * appended to benchmarks/results/<date>-<machine>.jsonl, one line of JSON per case. `--quick` only checks that everything
 * runs: small sizes, one round, no results file unless --results is given.
 */
import { describeMachine } from './src/describeMachine.mjs';
import { formatCases } from './src/formatCases.mjs';
import { keepResults } from './src/keepResults.mjs';
import { loadAverage } from './src/loadAverage.mjs';
import { measureCase } from './src/measureCase.mjs';
import { readOptions } from './src/readOptions.mjs';
import { topics } from './src/topics.mjs';

process.once('SIGINT', () => process.exit(130));
const options = readOptions(process.argv.slice(2));
const machine = describeMachine();
const keep = keepResults(options, machine);
console.log(
  `${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.flags.join(' ')}; Node ${machine.node}`,
);

for (const name of options.only) {
  const { title, cases, prepare } = topics[name];
  const prepared = await prepare?.(options);
  const results = [];
  try {
    console.log(`\n${name}: ${title}; load average ${loadAverage()}`);
    for (const found of cases(options, prepared)) {
      const result = await measureCase(found, options);
      results.push(result);
      keep({ topic: name, ...result });
      process.stderr.write(
        process.stderr.isTTY ? `\r\x1b[K${results.length} measured, last: ${found.name}` : '',
      );
    }
  } catch (error) {
    console.error(`\n${name}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    await prepared?.remove();
  }
  console.log(formatCases(results));
}
if (keep.file !== undefined) console.log(`\nKept in ${keep.file}`);
