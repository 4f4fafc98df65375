// Non-local attention in a TF.js model of your own: a layer like any other, here between two convolutions. The model learns
// to find a dot of 2 x 2 pixels in noise. node attention-in-your-model.mjs [EPOCHS]
import { useEngine } from '@nonlocal-med/engine';
import { NonLocalAttention } from '@nonlocal-med/nonlocal';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

const epochs = Number(process.argv[2] ?? 6);
const { engine } = await useEngine(); // native TensorFlow if it is installed, else WebAssembly

const model = tfl.sequential({
  layers: [
    tfl.layers.conv2d({
      inputShape: [24, 24, 1],
      filters: 8,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: tfl.initializers.heNormal({ seed: 1 }),
    }),
    // Every pixel attends to every other, exactly, without a matrix of all pairs.
    new NonLocalAttention({ residual: 'add', seed: 2 }),
    tfl.layers.maxPooling2d({ poolSize: 2 }),
    tfl.layers.conv2d({
      filters: 16,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: tfl.initializers.heNormal({ seed: 3 }),
    }),
    tfl.layers.globalMaxPooling2d({ dataFormat: 'channelsLast' }),
    tfl.layers.dense({
      units: 1,
      activation: 'sigmoid',
      kernelInitializer: tfl.initializers.glorotNormal({ seed: 4 }),
    }),
  ],
});
model.compile({
  optimizer: tf.train.adam(0.01),
  loss: 'binaryCrossentropy',
  metrics: ['accuracy'],
});

const training = dots(192, 5);
await model.fit(training.images, training.labels, {
  epochs,
  batchSize: 16,
  verbose: 0,
  callbacks: {
    onEpochEnd: async (epoch, logs) =>
      console.log(`epoch ${epoch + 1}: loss ${logs?.loss.toFixed(3)}`),
  },
});

const test = dots(64, 6);
const [, accuracy] = /** @type {tf.Scalar[]} */ (model.evaluate(test.images, test.labels));
console.log(`accuracy on new images: ${accuracy.dataSync()[0].toFixed(2)} (${engine})`);

/**
 * Images of noise, every second one with a bright dot at a random place.
 * @param {number} count
 * @param {number} seed
 */
function dots(count, seed) {
  const noise = tf.randomNormal([count, 24, 24, 1], 0, 0.3, 'float32', seed);
  const places = tf.randomUniform([count, 2], 0, 23, 'int32', seed).arraySync();
  const bright = tf.buffer([count, 24, 24, 1]);
  for (let image = 1; image < count; image += 2) {
    const [row, column] = /** @type {number[][]} */ (places)[image];
    for (const [down, right] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
      // prettier-ignore
      bright.set(2, image, row + down, column + right, 0);
  }
  return {
    images: tf.add(noise, bright.toTensor()),
    labels: tf.tensor2d(
      Array.from({ length: count }, (_, image) => image % 2),
      [count, 1],
    ),
  };
}
