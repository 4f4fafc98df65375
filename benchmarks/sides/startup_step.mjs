// From nothing to the end of a first training step, without measuring kernels.
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { softmaxCrossEntropy } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';

await useEngine({
  backend: process.env.BENCH_ENGINE ?? 'auto',
  threads: Number(process.env.BENCH_THREADS),
});
const model = createModel('resnet18', { classes: 4, inputSize: 96 });
const { value } = tf.variableGrads(() =>
  softmaxCrossEntropy(
    model.apply(tf.randomNormal([4, 96, 96, 3]), { training: true }),
    tf.tensor1d([0, 1, 2, 3], 'int32'),
  ),
);
value.dataSync();
