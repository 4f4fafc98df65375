// A training step of a model, as `fit` takes it: forward, loss, backward, Adam; the first three as one graph by default.
import { createModel } from '@nonlocal-med/models';
import { asGraph, autocast, softmaxCrossEntropy } from '@nonlocal-med/tensor';
import { createAdam } from '@nonlocal-med/train';
import * as tf from '@tensorflow/tfjs-core';
import { begin, matrixProductPeak } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { name, batch, size, options = {}, graph = true, precision = 'float32' } = input;
const facts = await begin();
const model = createModel(name, { classes: 4, inputSize: size, ...options });
const variables = model.trainableWeights.map((weight) => weight.read());
const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);
const labels = tf.tensor1d(
  Array.from({ length: batch }, (_, i) => i % 4),
  'int32',
);
const adam = createAdam(variables.map((variable) => ({ name: variable.name, variable })));

const all = model.weights.map((weight) => weight.read());
const gradients = ([x, y]) =>
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(
      () => softmaxCrossEntropy(model.apply(x, { training: true }), y),
      variables,
    );
    return [value, ...variables.map((variable) => grads[variable.name])];
  });
const compute = (inputs) =>
  precision === 'bfloat16'
    ? autocast({ castOnce: [inputs[0], ...all], compute: () => gradients(inputs) })
    : gradients(inputs);
const repeated = asGraph({ compute, variables: all });

function step() {
  const [value, ...found] = graph ? repeated.run([images, labels]) : compute([images, labels]);
  adam.apply(found, 2e-4);
  const [loss] = value.dataSync();
  tf.dispose([value, found]);
  if (!Number.isFinite(loss)) throw new Error(`${name}: the loss is ${loss}`);
  return { tensors: tf.memory().numTensors, graphs: repeated.graphs() };
}

for (let i = 0; i < 3; i++) step(); // chooses kernels, is recorded, is compared

await serve(facts, step, { commands: { peak: matrixProductPeak } });
