// Probabilities of many files: decoded, prepared and predicted. The backend is busy whenever it does not wait for images.
import { defaultPreprocessing } from '@nonlocal-med/core';
import { createLoader } from '@nonlocal-med/data';
import { createModel } from '@nonlocal-med/models';
import { predict } from '@nonlocal-med/train';
import { begin } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { name, batch, size, samples } = input;
const facts = await begin();
const model = createModel(name, { classes: 4, inputSize: size });

async function predictAll() {
  const loader = createLoader(samples, {
    classes: ['0', '1', '2', '3'],
    preprocessing: { ...defaultPreprocessing, size: [size, size] },
    batchSize: batch,
    cacheMegabytes: 0,
  });
  const start = performance.now();
  await predict(model, loader, { graph: true });
  const elapsed = performance.now() - start;
  const { waitMilliseconds } = loader.statistics();
  await loader.close();
  return {
    imagesPerSecond: samples.length / (elapsed / 1e3),
    busyShare: 1 - waitMilliseconds / elapsed,
  };
}

await serve(facts, predictAll);
