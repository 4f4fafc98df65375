/*
 * What is lost when a training is killed, when the disk is full, and what damaged input does:
 *   node benchmarks/reliability.mjs [--kills 100] [--failures 100] [--inputs 50000] [--epochs 1000] [--write]
 *
 * Kills a short training at changes of the disk, evenly spaced from the first to the last, and resumes it; lets writes fail
 * from such a change on, as a full disk does, and resumes it with room; reads damaged weight files, images, DICOM files and
 * tables in another process; trains many epochs and compares memory. Prints tables; --write puts them into
 * docs/reliability.md. Exits with 1 if anything was lost, died, or did not answer. `pnpm build` first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from './src/describeMachine.mjs';
import { tryDamagedInputs } from './reliability/damagedInputs.mjs';
import { trainManyEpochs } from './reliability/manyEpochs.mjs';
import { interruptTrainings } from './reliability/interruptedTrainings.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    failures: { type: 'string', default: '100' },
    inputs: { type: 'string', default: '50000' },
    epochs: { type: 'string', default: '1000' },
    write: { type: 'boolean', default: false },
  },
});

const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const { calls, trials } = await interruptTrainings({
  kill: Number(values.kills),
  fail: Number(values.failures),
});
const inputs = await tryDamagedInputs(Number(values.inputs));
const memory = await trainManyEpochs(Number(values.epochs));
const { processor, cores, node } = describeMachine();
const text = [
  `Measured with Node ${node} on ${cores} cores of an ${processor}. The training makes ${calls} changes of the disk.`,
  table(
    ['what happens', 'trainings', 'resumed to the same bits', 'refused to resume', 'other bits'],
    trials.map((trial) => [trial.name, trial.count, trial.same, trial.refused, trial.different]),
  ),
  table(
    [
      'damaged files',
      'tried',
      'read',
      'refused with a reason',
      'other errors',
      'process died',
      'no answer in 20 s',
      'largest process',
    ],
    inputs.map((kind) => [
      kind.name,
      kind.tried,
      kind.read,
      kind.refused,
      kind.failed,
      kind.died,
      kind.hung,
      `${Math.round(kind.peakBytes / 2 ** 20)} MiB`,
    ]),
  ),
  table(
    ['epochs', 'tensors', 'resident memory'],
    memory.map(({ epoch, tensors, bytes }) => [
      epoch,
      tensors,
      `${Math.round(bytes / 2 ** 20)} MiB`,
    ]),
  ),
].join('\n\n');
process.stdout.write(`${text}\n`);

const harmed = [
  ...trials.map(({ refused, different }) => refused + different),
  ...inputs.map(({ failed, died, hung }) => failed + died + hung),
  memory.at(-1).tensors - memory[0].tensors,
];
if (harmed.some((count) => count > 0)) process.exitCode = 1;
for (const { examples } of inputs)
  for (const example of examples) process.stderr.write(`${example}\n`);
if (values.write) {
  const page = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));
  const [before, , after] = readFileSync(page, 'utf8').split(
    /<!-- (?:begin|end) of measurements -->\n/,
  );
  writeFileSync(
    page,
    `${before}<!-- begin of measurements -->\n\n${text}\n\n<!-- end of measurements -->\n${after}`,
  );
}
