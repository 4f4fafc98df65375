// Probabilities of one image in evaluation mode, as a program that serves predictions computes them.
import { createModel } from '@nonlocal-med/models';
import { asGraph, autocast } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { begin, matrixProductPeak } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { name, batch, size, options = {}, repeat, precision = 'float32' } = input;
const facts = await begin();
const model = createModel(name, { classes: 4, inputSize: size, ...options });
const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);

const variables = model.weights.map((weight) => weight.read());
const logitsOf = (x) => [tf.tidy(() => model.apply(x, { training: false }))];
const compute = ([x]) =>
  precision === 'bfloat16'
    ? autocast({ castOnce: variables, compute: () => logitsOf(x) })
    : logitsOf(x);
const repeated = asGraph({ compute, variables });

function infer() {
  const [logits] = repeated.run([images]);
  logits.dataSync();
  logits.dispose();
}

for (let i = 0; i < 3; i++) infer(); // chooses kernels, is recorded, is compared
await serve(facts, infer, { repeat, commands: { peak: matrixProductPeak } });
