/*
 * The numbers of docs/study.md:
 *   node benchmarks/study.mjs                     prints its tables from the files in docs/study
 *   node benchmarks/study.mjs EXPERIMENT...       first writes these files from the folders of finished experiments
 *
 * Kept of an experiment are the probabilities of all test images, from which anyone can compute the tests again, and what
 * happened to the attention in training.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { createModel, stateDict } from '@nonlocal-med/models';
import { readRunConfig, runModelOptions } from '@nonlocal-med/pipeline';
import { readSafetensors } from '@nonlocal-med/tensor';
import { studyFolder, studyTables } from './src/studyTables.mjs';

for (const folder of process.argv.slice(2)) await keepExperiment(folder);
for (const table of await studyTables()) console.log(`\n${table}`);

async function keepExperiment(folder) {
  const { rows, runs } = JSON.parse(await readFile(join(folder, 'experiment.json'), 'utf8'));
  const name = basename(folder);
  const described = [];
  let predictions;
  for (const { row, repeat, folder: run } of runs) {
    const [header, ...lines] = (await readText(join(folder, run, 'predictions/test-last.csv')))
      .trim()
      .split('\n');
    const classes = header.split(',').slice(2);
    predictions ??= [`row,repeat,truth,${classes.join(',')}`];
    for (const line of lines) predictions.push([row, repeat + 1, ...rounded(line, classes)].join());
    described.push({
      row,
      repeat: repeat + 1,
      ...(await describeTraining(join(folder, run), classes)),
    });
  }
  const titles = rows.map(({ key, title }) => ({ key, title }));
  const summary = { name, rows: titles, runs: described };
  await writeFile(join(studyFolder, `${name}.json`), `${JSON.stringify(summary, null, 1)}\n`);
  await writeFile(
    join(studyFolder, `${name}.csv.gz`),
    await promisify(gzip)(`${predictions.join('\n')}\n`, { level: 9 }),
  );
}

/** The index of the true class, and the probabilities in five decimals. */
function rounded(line, classes) {
  const [, truth, ...probabilities] = line.split(',');
  return [
    classes.indexOf(truth),
    ...probabilities.map((value) => Number(Number(value).toFixed(5))),
  ];
}

const readText = (file) => readFile(file, 'utf8');

/** Seconds per step, the attention after every epoch, gamma, and how far the projections are from their initial values. */
async function describeTraining(folder, classes) {
  const events = (await readText(join(folder, 'events.jsonl')))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const epochs = events.filter(({ type }) => type === 'epoch');
  const steps = events.filter(({ type }) => type === 'step');
  const attention = epochs.map(({ validation }) => ({
    entropy: validation.attentionEntropy,
    onLesions: validation.attentionOnLesions,
  }));
  const milliseconds = median(steps.map((step) => step.milliseconds));
  if (attention[0].entropy === undefined) return { milliseconds };
  const config = await readRunConfig(join(folder, 'config.yaml'));
  const model = createModel(
    config.model.name,
    runModelOptions(config, { classes: classes.length, task: 'multiclass' }),
  );
  const before = stateDict(model);
  model.dispose();
  const after = readSafetensors(await readFile(join(folder, 'model/weights.safetensors')));
  const moved = Object.fromEntries(
    ['theta', 'phi', 'g'].map((projection) => {
      const weight = `nam.${projection}.weight`;
      return [projection, relativeDistance(after.get(weight).data, before.get(weight).data)];
    }),
  );
  return { milliseconds, attention, moved, gamma: after.get('nam.gamma')?.data[0] };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function relativeDistance(values, from) {
  const norm = (numbers) => Math.hypot(...numbers);
  return norm(values.map((value, i) => value - from[i])) / norm(from);
}
