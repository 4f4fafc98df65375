/*
 * Whether a network's own features tell images that are unlike the training images, compared with the statistics of images
 * that runs record:
 *   node benchmarks/unlike-features.mjs RUN FOLDER [--other FOLDER]... [--limit N]
 *
 * RUN is a trained run of a model with a global mean, FOLDER the folder its images are in. Both distances are Mahalanobis
 * distances from the run's training images with a shrunk covariance (Ledoit and Wolf): of what enters the last layer, and
 * of the recorded statistics. For changed copies of the other images, and for images of other folders, prints the AUC of
 * each distance against the unchanged images, and the share beyond the 99 % quantile of those.
 */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { createUnlikeCheck } from '@nonlocal-med/classifier';
import { createRandom } from '@nonlocal-med/core';
import { decodeImage, normalize, pixelStatistics, preprocess } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { openExportedModel } from '@nonlocal-med/pipeline';
import * as tf from '@tensorflow/tfjs-core';
import { model as layersModel } from '@tensorflow/tfjs-layers';
import { ledoitWolf, mahalanobis } from '../packages/pipeline/dist/unlike/mahalanobis.js';
import { auc, changes, imagesBelow } from './imageChanges.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    other: { type: 'string', multiple: true, default: [] },
    limit: { type: 'string', default: 'Infinity' },
  },
});
const [run, folder] = positionals;
if (folder === undefined) throw new Error('Give the run and the folder of its images.');

await useEngine();
const { logits, preprocessing } = await openExportedModel(run);
const last = logits.layers.findLast(({ name }) => name === 'fc' || name.endsWith('.fc'));
const network = layersModel({ inputs: logits.inputs, outputs: last.input });
const imageStatistics = createUnlikeCheck(
  JSON.parse(readFileSync(join(run, 'training-statistics.json'), 'utf8')),
);

/** What enters the last layer, [features]. */
async function featuresOf(pixels) {
  const [height, width] = preprocessing.size;
  // The exported model normalizes values from 0 to 255 itself.
  const scale = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
  const input = normalize(
    preprocess(pixels, preprocessing),
    scale,
    new Float32Array(height * width * 3),
  );
  const output = tf.tidy(() => network.predict(tf.tensor4d(input, [1, height, width, 3])));
  const features = await output.data();
  output.dispose();
  return features;
}

const { images } = JSON.parse(readFileSync(join(run, 'images.json'), 'utf8'));
const trained = new Set(images.filter(({ split }) => split === 'training').map(({ id }) => id));
const files = imagesBelow(folder, Number(values.limit));
const isTrained = (file) => trained.has(relative(folder, file).split(sep).join('/'));
const training = files.filter(isTrained);
const others = files.filter((file) => !isTrained(file));
if (training.length === 0) throw new Error(`No image in ${folder} is a training image of ${run}.`);

const rows = [];
for (const file of training) rows.push(await featuresOf(await decodeImage(file)));
const mean = [...rows[0]].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
const std = mean.map((center, i) =>
  Math.max(
    Math.sqrt(rows.reduce((sum, row) => sum + (row[i] - center) ** 2, 0) / rows.length),
    1e-6,
  ),
);
const standardized = rows.map((row) => Float64Array.from(row, (x, i) => (x - mean[i]) / std[i]));
const distanceOfFeatures = mahalanobis({ mean, std, covariance: ledoitWolf(standardized) });

const distances = {
  'image statistics': (pixels) => imageStatistics(pixelStatistics(pixels, preprocessing)).distance,
  features: async (pixels) => distanceOfFeatures(await featuresOf(pixels)),
};
const names = Object.keys(distances);
const usual = {};
console.log(`${training.length} training images, ${others.length} others; ${mean.length} features`);
console.log(
  `| images | ${names.map((name) => `${name}: AUC | beyond 99 %`).join(' | ')} |\n|---|${names.map(() => '--:|--:|').join('')}`,
);

async function report(title, paths, change = (pixels) => pixels) {
  const random = createRandom(0, title);
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (const path of paths) {
    const pixels = await change(await decodeImage(path), random);
    for (const name of names) found[name].push(await distances[name](pixels));
  }
  const cells = names.map((name) => {
    usual[name] ??= found[name].toSorted((a, b) => a - b);
    const limit = usual[name][Math.ceil(0.99 * usual[name].length) - 1];
    const beyond = found[name].filter((distance) => distance > limit).length;
    return `${auc(usual[name], found[name]).toFixed(3)} | ${((100 * beyond) / paths.length).toFixed(1)} %`;
  });
  console.log(`| ${title} | ${cells.join(' | ')} |`);
}

for (const [title, change] of Object.entries(changes)) await report(title, others, change);
for (const other of values.other) await report(other, imagesBelow(other, Number(values.limit)));
