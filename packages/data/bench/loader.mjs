// How long training waits for the loader: `node bench/loader.mjs FOLDER [--batches 40] [--workers 1] [--cores 2]`.
// Build the package first. The main thread is blocked for a step's time as by a native TensorFlow call, while spinning
// threads keep the other cores busy as TensorFlow's own do. One JSON line a case.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createLoader, openDataset } from '../dist/index.js';
import { defaultPreprocessing } from '@nonlocal-med/core';

const { positionals: [path], values } = parseArgs({ allowPositionals: true, options: { batches: { type: 'string', default: '40' }, workers: { type: 'string', default: '1' }, cores: { type: 'string', default: '2' } } });
const [batches, workers, cores] = [values.batches, values.workers, values.cores].map(Number);
/** Milliseconds of a training step of batch 4 on two cores: ResNet18 (docs/performance.md), and none at all. */
const cases = [{ size: 128, step: 0 }, { size: 386, step: 0 }, { size: 128, step: 360 }, { size: 386, step: 1500 }];

const start = performance.now();
const dataset = await openDataset({ path, cacheFolder: null });
console.log(JSON.stringify({ images: dataset.samples.length, checkedSeconds: round((performance.now() - start) / 1000) }));

for (const color of ['grey', 'rgb']) {
  for (const { size, step } of cases) {
    const spinners = step > 0 ? Array.from({ length: cores - 1 }, () => new Worker('for (;;);', { eval: true })) : [];
    const loader = createLoader(dataset.samples, { classes: dataset.classes, preprocessing: { ...defaultPreprocessing, size: [size, size], color }, batchSize: 4, shuffle: true, augmentation: {}, workers });
    const epochs = [];
    for (const epoch of [0, 0]) epochs.push(await runEpoch(loader, { epoch, step }));
    const { decoded, decodeMilliseconds, finishMilliseconds, memoryHits } = loader.statistics();
    await loader.close();
    await Promise.all(spinners.map((worker) => worker.terminate()));
    console.log(JSON.stringify({ color, size, step, workers, first: epochs[0], second: epochs[1], decodeMsPerImage: round(decodeMilliseconds / decoded), finishMsPerImage: round(finishMilliseconds / (decoded + memoryHits)) }));
  }
}

async function runEpoch(loader, { epoch, step }) {
  const before = performance.now();
  const waits = [];
  let count = 0;
  let waited = loader.statistics().waitMilliseconds;
  for await (const { labels } of loader.epoch(epoch)) {
    count += labels.length;
    const now = loader.statistics().waitMilliseconds;
    waits.push(now - waited);
    waited = now;
    for (const until = performance.now() + step; performance.now() < until; );
    if (waits.length === batches) break;
  }
  const seconds = (performance.now() - before) / 1000;
  const later = waits.slice(1).sort((a, b) => a - b);
  return { firstWaitMs: round(waits[0]), medianWaitMs: round(later[later.length >> 1]), worstWaitMs: round(later.at(-1)), waitShare: step > 0 ? round(later.reduce((a, b) => a + b, 0) / (seconds * 1000), 4) : undefined, imagesPerSecond: round(count / seconds) };
}

function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}
