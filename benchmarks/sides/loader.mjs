// An epoch of training from files on disk. Each round starts with an empty cache and runs two epochs; the times are those
// of the first.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPreprocessing } from '@nonlocal-med/core';
import { createLoader } from '@nonlocal-med/data';
import { createModel } from '@nonlocal-med/models';
import { fit } from '@nonlocal-med/train';
import { begin } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { name, batch, size, workers, samples } = input;
const facts = await begin();
const model = createModel(name, { classes: 4, inputSize: size });

async function twoEpochs() {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'bench-cache-'));
  const loader = createLoader(samples, {
    classes: ['0', '1', '2', '3'],
    preprocessing: { ...defaultPreprocessing, size: [size, size] },
    batchSize: batch,
    shuffle: true,
    augmentation: {},
    workers,
    cacheFolder,
  });
  try {
    const first = { ...(await epoch(loader)), decoded: loader.statistics().decoded };
    const second = await epoch(loader);
    return {
      imagesPerSecond: samples.length / (first.milliseconds / 1e3),
      waitShare: first.waited / first.milliseconds,
      secondWaitShare: second.waited / second.milliseconds,
      decoded: first.decoded,
      decodedAgain: loader.statistics().decoded - first.decoded,
      cacheShare: bytesIn(cacheFolder) / (samples.length * size * size * 3 * 4),
    };
  } finally {
    await loader.close();
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

/** Waits as training itself records them; the first batch's wait, which starts the threads, stands apart from an epoch's. */
async function epoch(loader) {
  const start = performance.now();
  let [waited, firstWait] = [0, undefined];
  for await (const event of fit({
    model,
    train: loader,
    epochs: 1,
    seed: 0,
    learningRate: 2e-4,
    graph: true,
  })) {
    if (event.type !== 'step') continue;
    firstWait ??= event.waitMilliseconds;
    waited += event.waitMilliseconds;
  }
  return { milliseconds: performance.now() - start - firstWait, waited: waited - firstWait };
}

function bytesIn(folder) {
  return readdirSync(folder, { recursive: true }).reduce(
    (sum, file) =>
      sum + (statSync(join(folder, file)).isFile() ? statSync(join(folder, file)).size : 0),
    0,
  );
}

await serve(facts, twoEpochs);
