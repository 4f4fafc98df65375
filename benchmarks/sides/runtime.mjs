// One runtime of runtimes.mjs in a process of its own: node runtime.mjs native|wasm|onnx FOLDER. Prints a line of JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyNetwork, loadNetwork } from '@nonlocal-med/classifier';
import { filesIn } from '@nonlocal-med/classifier/node';
import { useEngine } from '@nonlocal-med/engine';
import { asGraph, modelWeights } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { measureNetwork } from '../src/measureNetwork.mjs';

const [runtime, folder] = process.argv.slice(2);
const example = JSON.parse(readFileSync(join(folder, 'example.json'), 'utf8'));
const apply = runtime === 'onnx' ? await withOnnxRuntime() : await withTfjs();
process.stdout.write(`${JSON.stringify(await measureNetwork(apply, example))}\n`);

async function withTfjs() {
  await useEngine({ backend: runtime });
  const network = await loadNetwork(filesIn(join(folder, 'model')));
  if (runtime === 'wasm') return async (values) => (await applyNetwork(network, values)).logits;
  // As `predict` computes batches that have the same size.
  const repeated = asGraph({
    compute: ([image]) => [tf.tidy(() => network.logits.apply(image, { training: false }))],
    variables: modelWeights(network.logits).map(({ variable }) => variable.read()),
  });
  const [height, width] = example.size;
  return async (values) => {
    const [logits] = tf.tidy(() => repeated.run([tf.tensor4d(values, [1, height, width, 3])]));
    const found = [...(await logits.data())];
    logits.dispose();
    return found;
  };
}

async function withOnnxRuntime() {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(join(folder, 'onnx/model.onnx'));
  const [height, width] = example.size;
  return async (values) => {
    const image = new Tensor('float32', values, [1, height, width, 3]);
    return [...(await session.run({ image }, ['logits'])).logits.data];
  };
}
