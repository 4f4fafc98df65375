// Probabilities of one image in evaluation mode, as a program that serves predictions computes them.
import { createModel } from '@nonlocal-med/models';
import { asGraph } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { begin, matrixProductPeak } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { name, batch, size, options = {}, repeat } = input;
const facts = await begin();
const model = createModel(name, { classes: 4, inputSize: size, ...options });
const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);

const compute = ([x]) => [tf.tidy(() => model.apply(x, { training: false }))];
const repeated = asGraph({ compute, variables: model.weights.map((weight) => weight.read()) });

function infer() {
  const [logits] = repeated.run([images]);
  logits.dataSync();
  logits.dispose();
}

for (let i = 0; i < 3; i++) infer(); // chooses kernels, is recorded, is compared
await serve(facts, infer, { repeat, commands: { peak: matrixProductPeak } });
