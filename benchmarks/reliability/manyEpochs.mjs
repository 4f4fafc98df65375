/* Trains many epochs of a tiny set in another process; tensors and memory must stay. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

if (process.argv[2] === '--epochs') {
  const [{ useEngine }, { fit }, tf, { makeModel, makeSource }] = await Promise.all([
    import('@nonlocal-med/engine'),
    import('@nonlocal-med/train'),
    import('@tensorflow/tfjs-core'),
    import('../../packages/train/test/child/workshop.mjs'),
  ]);
  await useEngine();
  const epochs = Number(process.argv[3]);
  const model = await makeModel();
  const events = fit({ model, train: makeSource(18, 1), epochs, learningRate: 0.02, seed: 5 });
  const measurements = [];
  const shown = new Set([1, 10, Math.round(epochs / 4), Math.round(epochs / 2), epochs]);
  for await (const event of events) {
    if (event.type !== 'epoch' || !shown.has(event.epoch)) continue;
    globalThis.gc?.();
    const bytes = process.memoryUsage().rss;
    measurements.push({ epoch: event.epoch, tensors: tf.memory().numTensors, bytes });
  }
  process.stdout.write(JSON.stringify(measurements));
}

/** Tensors and resident memory after some of the epochs. */
export async function trainManyEpochs(epochs) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    fileURLToPath(import.meta.url),
    '--epochs',
    String(epochs),
  ]);
  return JSON.parse(stdout);
}
