// Attention forward and backward over SIDE x SIDE positions, once; prints the process's peak resident memory in MiB.
import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import { attention } from '../../dist/index.js';

const positions = Number(process.argv[2]) ** 2;
await useEngine();
const inputs = [32, 32, 64].map((width, i) =>
  tf.randomNormal([1, positions, width], 0, 1, 'float32', i + 1),
);
const results = tf.grads((q, k, v) => attention(q, k, v))(
  inputs,
  tf.randomNormal([1, positions, 64], 0, 1, 'float32', 4),
);
results.at(-1).dataSync();
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
