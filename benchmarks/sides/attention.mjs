// Exact attention with 32 key and 64 value channels, forward and backward: `blocked` is ours, `plain` has the whole matrix.
import { attention } from '@nonlocal-med/nonlocal';
import * as tf from '@tensorflow/tfjs-core';
import { begin, matrixProductPeak } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { form, side, batch, repeat } = input;
const facts = await begin();
const inputs = [32, 32, 64].map((width, i) => tf.randomNormal([batch, side * side, width], 0, 1, 'float32', i + 1));
const dy = tf.randomNormal([batch, side * side, 64], 0, 1, 'float32', 4);
const forms = {
  blocked: (q, k, v) => attention(q, k, v),
  plain: (q, k, v) => tf.matMul(tf.softmax(tf.matMul(q, k, false, true)), v),
};
const gradients = tf.grads(forms[form]);

function both() {
  const results = gradients(inputs, dy);
  results.at(-1).dataSync();
  tf.dispose(results);
}

await serve(facts, both, { repeat, commands: { peak: matrixProductPeak } });
