/*
 * The numbers of docs/study.md:
 *   node benchmarks/study.mjs                     prints its tables from the files in docs/study
 *   node benchmarks/study.mjs EXPERIMENT...       first writes these files from the folders of finished experiments
 *
 * Kept of an experiment are the probabilities of all test images, from which anyone can compute the tests again, and what
 * happened to the attention in training.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { useEngine } from '@nonlocal-med/engine';
import { createModel, stateDict } from '@nonlocal-med/models';
import { parseRunConfig, readYaml, runModelOptions } from '@nonlocal-med/pipeline';
import { readSafetensors } from '@nonlocal-med/tensor';
import { studyFolder, studyTables } from './src/studyTables.mjs';

const folders = process.argv.slice(2);
if (folders.length > 0) await useEngine();
for (const folder of folders) await keepExperiment(folder);
for (const table of await studyTables()) console.log(`\n${table}`);

async function keepExperiment(folder) {
  const {
    rows: all,
    runs,
    repeats,
  } = JSON.parse(await readFile(join(folder, 'experiment.json'), 'utf8'));
  const unfinished = new Set(
    runs.flatMap(({ row, folder: run }) =>
      existsSync(join(folder, run, 'metrics.json')) ? [] : [row],
    ),
  );
  for (const row of unfinished)
    console.error(`${row} is left out: not all of its ${repeats.count} repeats have finished.`);
  const rows = all.filter(({ key }) => !unfinished.has(key));
  const name = basename(folder);
  const described = [];
  let predictions;
  for (const { row, repeat, folder: run } of runs.filter((one) => !unfinished.has(one.row))) {
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
  await writeFile(join(studyFolder, `${name}.json`), `${JSON.stringify(summary, null, 2)}\n`);
  await writeFile(
    join(studyFolder, `${name}.csv.gz`),
    await promisify(gzip)(`${predictions.join('\n')}\n`, { level: 9 }),
  );
}

/** The index of the true class, and the probabilities in six decimals. */
function rounded(line, classes) {
  const [, truth, ...probabilities] = line.split(',');
  return [
    classes.indexOf(truth),
    ...probabilities.map((value) => Number(Number(value).toFixed(6))),
  ];
}

function readText(file) {
  return readFile(file, 'utf8');
}

/** The attention after every epoch, gamma, and how far the projections are from their initial values. */
async function describeTraining(folder, classes) {
  const events = (await readText(join(folder, 'events.jsonl')))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const epochs = events.filter(({ type }) => type === 'epoch');
  const attention = epochs.map(({ validation }) => ({
    entropy: validation.attentionEntropy,
    onLesions: validation.attentionOnLesions,
  }));
  if (attention[0].entropy === undefined) return {};
  const config = parseRunConfig(await readYaml(join(folder, 'config.yaml')));
  const model = createModel(
    config.model.name,
    runModelOptions(config, { classes, task: 'multiclass' }),
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
  return { attention, moved, gamma: after.get('nam.gamma')?.data[0] };
}

function relativeDistance(values, from) {
  const norm = (numbers) => Math.hypot(...numbers);
  return norm(values.map((value, i) => value - from[i])) / norm(from);
}
