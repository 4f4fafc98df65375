// Times each operation, forward and with gradients, with fast paths and without, at the shapes of ResNet18 with a batch
// of 4 images of 386 x 386. Run after `pnpm build`: node bench/operations.mjs [rounds]
import { useEngine } from '@nonlocal-med/engine';
import * as tensor from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';

const rounds = Number(process.argv[2] ?? 9);
const engine = await useEngine({ backend: 'native' });
console.log(
  `TensorFlow ${engine.tensorflow}, ${engine.device}, ${engine.threads} threads; medians of ${rounds} rounds`,
);
console.log(
  'wall ms (CPU ms)'.padEnd(52),
  ...['fast', 'portable', 'fast + gradient', 'portable + gradient'].map((title) =>
    title.padStart(20),
  ),
);

const noise = (...shape) => tf.randomNormal(shape, 0, 1, 'float32', 1);
const convolution = (size, channels, filters, kernel, stride) => [
  `conv2d ${size}x${size} ${channels} to ${filters}, ${kernel}x${kernel} stride ${stride}`,
  (x, k) => tensor.conv2d(x, k, { stride, padding: (kernel - 1) / 2 }),
  [noise(4, size, size, channels), noise(kernel, kernel, channels, filters)],
];
const normalization = (size, channels) => [
  `batchNormTrain + relu ${size}x${size}x${channels}`,
  (x, scale, offset) => tensor.batchNormTrain(x, { scale, offset, activation: 'relu' }),
  [noise(4, size, size, channels), noise(channels), noise(channels)],
];

const operations = [
  convolution(386, 3, 64, 7, 2),
  convolution(97, 64, 64, 3, 1),
  convolution(97, 64, 128, 3, 2),
  convolution(97, 64, 128, 1, 2),
  convolution(49, 128, 128, 3, 1),
  convolution(25, 256, 256, 3, 1),
  convolution(13, 512, 512, 3, 1),
  [
    'depthwiseConv2d 97x97x64, 3x3',
    (x, k) => tensor.depthwiseConv2d(x, k, { padding: 1 }),
    [noise(4, 97, 97, 64), noise(3, 3, 64, 1)],
  ],
  normalization(193, 64),
  normalization(97, 64),
  normalization(25, 256),
  ['relu 193x193x64', (x) => tensor.relu(x), [noise(4, 193, 193, 64)]],
  [
    'addRelu 97x97x64',
    (a, b) => tensor.addRelu(a, b),
    [noise(4, 97, 97, 64), noise(4, 97, 97, 64)],
  ],
  [
    'maxPool 193x193x64, 3x3 stride 2',
    (x) => tensor.maxPool(x, { size: 3, stride: 2, padding: 1 }),
    [noise(4, 193, 193, 64)],
  ],
  [
    'linear 37636x64 to 32',
    (x, k, b) => tensor.linear(x, k, b),
    [noise(37636, 64), noise(64, 32), noise(32)],
  ],
  ['matMul 256x32, 32x9409', (a, b) => tensor.matMul(a, b), [noise(256, 32), noise(32, 9409)]],
  ['softmax 256x9409', (x) => tensor.softmax(x), [noise(256, 9409)]],
  [
    'adaptiveAveragePool 97x97x64 to 13x13',
    (x) => tensor.adaptiveAveragePool(x, [13, 13]),
    [noise(4, 97, 97, 64)],
  ],
  [
    'adaptiveMaxPool 97x97x64 to 13x13',
    (x) => tensor.adaptiveMaxPool(x, [13, 13]),
    [noise(4, 97, 97, 64)],
  ],
  [
    'resizeBilinear 97x97x64 to 13x13',
    (x) => tensor.resizeBilinear(x, [13, 13]),
    [noise(4, 97, 97, 64)],
  ],
  [
    'interleaveChannels 49x49x64',
    (a, b) => tensor.interleaveChannels(a, b),
    [noise(4, 49, 49, 64), noise(4, 49, 49, 64)],
  ],
  ['globalAveragePool 97x97x64', (x) => tensor.globalAveragePool(x), [noise(4, 97, 97, 64)]],
  ['channelMax 97x97x64', (x) => tensor.channelMax(x), [noise(4, 97, 97, 64)]],
];

for (const [name, run, inputs] of operations) {
  const dy = tf.tidy(() => tf.onesLike(run(...inputs)));
  const gradients = tf.grads(run);
  const columns = [() => run(...inputs), () => gradients(inputs, dy)].flatMap((work) =>
    [true, false].map((fast) => measure(work, fast)),
  );
  console.log(
    name.padEnd(52),
    ...[columns[0], columns[1], columns[2], columns[3]].map((column) => column.padStart(20)),
  );
  tf.dispose([inputs, dy]);
}

function measure(work, fast) {
  tensor.setFastPaths(fast);
  tf.tidy(() => void work());
  const [wall, cpu] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    tf.tidy(() => void work());
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1000);
  }
  return `${median(wall).toFixed(1)} (${median(cpu).toFixed(1)})`;
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
