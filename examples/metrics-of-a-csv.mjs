// How good predictions in a CSV file are, with confidence intervals. The file has the columns `id`, `truth` and one
// probability per class: node metrics-of-a-csv.mjs [FILE]
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { evaluatePredictions, predictionsFromCsv } from '@nonlocal-med/metrics';

const file = process.argv[2] ?? fileURLToPath(new URL('predictions.csv', import.meta.url));
const predictions = predictionsFromCsv(readFileSync(file, 'utf8'), { path: file });
const { samples, metrics, perClass, notes } = evaluatePredictions(predictions, {
  bootstrap: { resamples: 2000, seed: 0 },
});

console.log(`${samples} samples of ${predictions.classes.length} classes`);
for (const [name, estimate] of Object.entries(metrics)) print(name, estimate);
for (const { class: name, support, sensitivity, specificity } of perClass) {
  console.log(`\n${name} (${support} samples)`);
  print('sensitivity', sensitivity);
  print('specificity', specificity);
}
for (const note of notes) console.log(note);

/**
 * @param {string} name
 * @param {import('@nonlocal-med/metrics').MetricEstimate} estimate
 */
function print(name, { value, undefinedBecause, interval }) {
  const range = interval && `95 % CI ${interval.lower.toFixed(3)} to ${interval.upper.toFixed(3)}`;
  console.log(name.padEnd(24), value?.toFixed(3) ?? undefinedBecause, range ?? '');
}
