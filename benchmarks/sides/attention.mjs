// Exact attention with 32 key and 64 value channels, forward and backward: `blocked` is ours, `plain` computes the
// whole matrix. As in training, the repeated computation is a graph.
import { attention } from '@nonlocal-med/nonlocal';
import { asGraph, autocast } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { begin, matrixProductPeak } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { form, side, batch, repeat, precision = 'float32' } = input;
const facts = await begin();
const inputs = [32, 32, 64].map((width, i) =>
  tf.randomNormal([batch, side * side, width], 0, 1, 'float32', i + 1),
);
const dy = tf.randomNormal([batch, side * side, 64], 0, 1, 'float32', 4);
const forms = {
  blocked: (q, k, v) => attention(q, k, v),
  plain: (q, k, v) => tf.matMul(tf.softmax(tf.matMul(q, k, false, true)), v),
};
const gradients = tf.grads(forms[form]);
const both = ([q, k, v, upstream]) => tf.tidy(() => gradients([q, k, v], upstream));
const compute = (given) =>
  precision === 'bfloat16'
    ? autocast({ castOnce: given, compute: () => both(given) })
    : both(given);
const repeated = asGraph({ compute, variables: [] });

function run() {
  const results = repeated.run([...inputs, dy]);
  results.at(-1).dataSync();
  tf.dispose(results);
}

for (let i = 0; i < 3; i++) run(); // chooses kernels, is recorded, is compared
await serve(facts, run, { repeat, commands: { peak: matrixProductPeak } });
