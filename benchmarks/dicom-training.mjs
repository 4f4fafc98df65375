/*
 * Trains on radiographs as DICOM files and as 16-bit PNG files with the same values, and compares the predictions:
 *   node benchmarks/dicom-training.mjs --python PYTHON --images FOLDER [--count N] [--epochs N] [--folder FOLDER]
 * IMAGES has one subfolder of gray images per class; PYTHON needs pydicom, pylibjpeg, pylibjpeg-openjpeg, numpy and
 * pillow. --count limits the images of each class, and --folder keeps the files and both runs.
 *
 * Three transfer syntaxes and both photometric interpretations are mixed (see dicom-training.py). The network gets the
 * same numbers in the same order, so every probability has to be the same to its last digit. Fails if one is not.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    images: { type: 'string' },
    count: { type: 'string', default: '400' },
    epochs: { type: 'string', default: '10' },
    folder: { type: 'string' },
  },
});
if (values.images === undefined) throw new Error('--images FOLDER is missing.');
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'dicom-training-'));
const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const run = (program, ...parameters) =>
  execFileSync(program, parameters, { stdio: ['ignore', 'inherit', 'inherit'] });

/** Trains on one form of the images: macro AUC of the test set with its interval, and the rows of its predictions. */
function train(kind, ...flags) {
  const out = join(folder, 'runs', kind);
  const data = ['--data', join(folder, kind, 'list.csv'), '--augment', 'none', ...flags];
  const training = ['--model', 'shufflenetv2', '--size', '96', '--batch', '16'];
  const main = pathOf('../apps/trainer/dist/main.js');
  run(
    process.execPath,
    main,
    'train',
    ...data,
    ...training,
    '--epochs',
    values.epochs,
    '--out',
    out,
  );
  const { last } = JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'));
  const rows = readFileSync(join(out, 'predictions/test-last.csv'), 'utf8').trim().split('\n');
  return {
    auc: last.metrics.auc,
    predictions: rows.map((row) => row.replace(/\.(dcm|png),/, ',')),
  };
}

run(values.python, pathOf('dicom-training.py'), values.images, folder, values.count);
// Without names, DICOM images would come in the order of their hashes.
const dicom = train('dicom', '--keep-names');
const png = train('png', '--group-column', 'patient', '--bits', '16');
for (const [name, { auc, predictions }] of Object.entries({ DICOM: dicom, PNG: png })) {
  const { lower, upper } = auc.interval;
  console.log(
    `${name.padEnd(5)}  ${predictions.length - 1} test images  AUC ${auc.value} (${lower} to ${upper})`,
  );
}
const different = dicom.predictions.filter((row, index) => row !== png.predictions[index]).length;
const same = different === 0 && dicom.predictions.length === png.predictions.length;
console.log(same ? 'All probabilities are equal to the last digit.' : `${different} rows differ.`);
if (values.folder === undefined) rmSync(folder, { recursive: true });
process.exitCode = same ? 0 : 1;
