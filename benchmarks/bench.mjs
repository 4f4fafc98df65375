/*
 * Times nonlocal-med, beside PyTorch and OpenCV where a Python that has them is given. Build first (`pnpm bench` does):
 *   pnpm bench [--only steps,attention] [--python PYTHON] [--rounds 5] [--threads 2] [--kernels measured|fixed]
 *              [--results FOLDER] [--quick]
 * Every side of a case is a process of its own; their rounds take turns. A table goes to the terminal, a line of JSON a
 * side to benchmarks/results/<date>-<machine>.jsonl. `--quick` is a check that everything runs: small sizes, one round,
 * nothing kept unless --results is given.
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
