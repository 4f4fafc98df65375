// A training step of a model: forward, loss, backward, Adam.
import { createModel } from '@nonlocal-med/models';
import { createFusedAdam, softmaxCrossEntropy } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { begin, matrixProductPeak } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { name, batch, size, options = {} } = input;
const facts = await begin();
const model = createModel(name, { classes: 4, inputSize: size, ...options });
const variables = model.trainableWeights.map((weight) => weight.read());
const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);
const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 4), 'int32');
const fused = createFusedAdam(variables);
const portable = fused === null ? tf.train.adam(2e-4, 0.9, 0.999, 1e-8) : undefined;

function step() {
  const { value, grads } = tf.variableGrads(() => softmaxCrossEntropy(model.apply(images, { training: true }), labels), variables);
  if (fused !== null) fused.apply(grads, 2e-4);
  else portable.applyGradients(Object.entries(grads).map(([key, tensor]) => ({ name: key, tensor })));
  const [loss] = value.dataSync();
  tf.dispose([value, grads]);
  if (!Number.isFinite(loss)) throw new Error(`${name}: the loss is ${loss}`);
  return { tensors: tf.memory().numTensors };
}

await serve(facts, step, { commands: { peak: matrixProductPeak } });
