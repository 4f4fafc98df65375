import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  type Activation,
  adaptiveAveragePool,
  adaptiveMaxPool,
  addRelu,
  batchNormInference,
  batchNormTrain,
  channelMax,
  channelMean,
  conv2d,
  depthwiseConv2d,
  globalAveragePool,
  globalMaxPool,
  interleaveChannels,
  linear,
  maxPool,
  relu,
  resizeBilinear,
  softmaxCrossEntropy,
} from '../index.js';
import { expectClose } from '../testing/expectClose.js';
import {
  fill,
  fromTorch,
  golden,
  type GoldenModule,
  parameter,
  toTorch,
} from '../testing/goldenModule.js';

/** The golden file's tolerance for float32 (spec 13.3), relative to the largest value. */
const TOLERANCE = 1e-4;

/** Looks up a parameter by PyTorch's name. */
type Weights = (name: string) => tf.Tensor;
type Module = (x: tf.Tensor4D, weights: Weights, training: boolean) => tf.Tensor4D;

function norm(
  x: tf.Tensor4D,
  weights: Weights,
  {
    name,
    training = false,
    activation = 'linear',
  }: { name: string; training?: boolean; activation?: Activation },
): tf.Tensor4D {
  const [scale, offset] = [weights(`${name}.weight`), weights(`${name}.bias`)] as tf.Tensor1D[];
  if (training) return batchNormTrain(x, { scale, offset, activation });
  const [mean, variance] = [
    weights(`${name}.running_mean`),
    weights(`${name}.running_var`),
  ] as tf.Tensor1D[];
  return batchNormInference(x, { scale, offset, mean, variance, activation });
}

function kernel(weights: Weights, name: string): tf.Tensor4D {
  return weights(`${name}.weight`) as tf.Tensor4D;
}

function block(stride: number): Module {
  return (x, weights, training) => {
    const inner = norm(conv2d(x, kernel(weights, 'conv1'), { stride, padding: 1 }), weights, {
      name: 'bn1',
      training,
      activation: 'relu',
    });
    const residual = norm(conv2d(inner, kernel(weights, 'conv2'), { padding: 1 }), weights, {
      name: 'bn2',
      training,
    });
    const skip =
      stride === 1
        ? x
        : norm(conv2d(x, kernel(weights, 'downsample.0'), { stride }), weights, {
            name: 'downsample.1',
            training,
          });
    return addRelu(residual, skip);
  };
}

function shuffleBranch(x: tf.Tensor4D, weights: Weights, stride: number): tf.Tensor4D {
  const narrow = norm(conv2d(x, kernel(weights, 'branch2.0')), weights, {
    name: 'branch2.1',
    activation: 'relu',
  });
  const deep = norm(
    depthwiseConv2d(narrow, kernel(weights, 'branch2.3'), { stride, padding: 1 }),
    weights,
    { name: 'branch2.4' },
  );
  return norm(conv2d(deep, kernel(weights, 'branch2.5')), weights, {
    name: 'branch2.6',
    activation: 'relu',
  });
}

const MODULES: Readonly<Record<string, Module>> = {
  basicblock_identity: block(1),
  basicblock_down_s2: block(2),
  basicblock_identity_train: block(1),
  shuffle_unit_s1: (x, weights) => {
    const [kept, changed] = tf.split<tf.Tensor4D>(x, 2, 3);
    return interleaveChannels(kept, shuffleBranch(changed, weights, 1));
  },
  shuffle_unit_s2: (x, weights) => {
    const small = norm(
      depthwiseConv2d(x, kernel(weights, 'branch1.0'), { stride: 2, padding: 1 }),
      weights,
      { name: 'branch1.1' },
    );
    const first = norm(conv2d(small, kernel(weights, 'branch1.2')), weights, {
      name: 'branch1.3',
      activation: 'relu',
    });
    return interleaveChannels(first, shuffleBranch(x, weights, 2));
  },
  se: (x, weights) => scaled(x, tf.sigmoid(perceptron(globalAveragePool(x), weights))),
  cbam: (x, weights) => {
    const u = scaled(
      x,
      tf.sigmoid(
        tf.add(perceptron(globalAveragePool(x), weights), perceptron(globalMaxPool(x), weights)),
      ),
    );
    const map = tf.concat([channelMax(u), channelMean(u)], 3);
    return tf.mul(
      u,
      tf.sigmoid(
        norm(conv2d(map, kernel(weights, 'conv'), { padding: 3 }), weights, { name: 'bn' }),
      ),
    );
  },
  nvcf_10_to_4: (x) => fused(x, [4, 4]),
};

function perceptron(x: tf.Tensor2D, weights: Weights): tf.Tensor2D {
  const hidden = relu(
    linear(x, weights('fc1.weight') as tf.Tensor2D, weights('fc1.bias') as tf.Tensor1D),
  );
  return linear(hidden, weights('fc2.weight') as tf.Tensor2D, weights('fc2.bias') as tf.Tensor1D);
}

function scaled(x: tf.Tensor4D, factors: tf.Tensor2D): tf.Tensor4D {
  return tf.mul(x, tf.reshape(factors, [x.shape[0], 1, 1, x.shape[3]]));
}

function fused(x: tf.Tensor4D, size: [number, number]): tf.Tensor4D {
  return tf.concat(
    [adaptiveAveragePool(x, size), adaptiveMaxPool(x, size), resizeBilinear(x, size)],
    3,
  );
}

eachBackend(() => {
  describe.each(Object.entries(MODULES))('%s', (name, module) => {
    it('equals PyTorch in the result, the input gradient and the sum of each parameter gradient', () => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const { mode, x, params, dy, y, dx, param_grad_sums: sums } = golden[name] as GoldenModule;
        const parameters = Object.fromEntries(
          Object.entries(params).map(([key, filled]) => [key, parameter(filled)]),
        );
        const learned = Object.keys(sums).filter((key) => key !== 'dummy');
        const run = (...[input, ...values]: tf.Tensor[]): tf.Tensor4D =>
          module(
            input as tf.Tensor4D,
            (key) => values[learned.indexOf(key)] ?? parameters[key],
            mode === 'train',
          );
        const inputs: [tf.Tensor, ...tf.Tensor[]] = [
          fromTorch(fill(x)),
          ...learned.map((key) => parameters[key]),
        ];
        expectClose(toTorch(run(...inputs)), y, TOLERANCE);
        const [inputGradient, ...gradients] = tf.grads(run)(inputs, fromTorch(fill(dy)));
        expectClose(toTorch(inputGradient as tf.Tensor4D), dx, TOLERANCE);
        learned.forEach((key, i) =>
          expect(Math.abs(tf.sum(gradients[i]).dataSync()[0] - sums[key]), key).toBeLessThan(
            TOLERANCE * Math.max(1, Math.abs(sums[key])),
          ),
        );
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  it('fuses 97 x 97 to 13 x 13 like PyTorch (nvcf_97_to_13)', () => {
    const { x, y } = golden.nvcf_97_to_13 as GoldenModule;
    tf.tidy(() => expectClose(toTorch(fused(fromTorch(fill(x)), [13, 13])), y, TOLERANCE));
  });

  it('pools 3 x 3, stride 2, padding 1 like PyTorch (maxpool_3_2_1)', () => {
    const { x, y } = golden.maxpool_3_2_1 as GoldenModule;
    tf.tidy(() =>
      expectClose(
        toTorch(maxPool(fromTorch(fill(x)), { size: 3, stride: 2, padding: 1 })),
        y,
        TOLERANCE,
      ),
    );
  });

  it("interleaves 12 channels like PyTorch's channel shuffle with 2 groups (channel_shuffle_12_g2)", () => {
    const order = tf.tidy(() =>
      Array.from(
        interleaveChannels(
          ...(tf.split(tf.reshape(tf.range(0, 12), [1, 1, 1, 12]), 2, 3) as [
            tf.Tensor4D,
            tf.Tensor4D,
          ]),
        ).dataSync(),
      ),
    );
    expect(order).toEqual(golden.channel_shuffle_12_g2);
  });

  it('updates running statistics like PyTorch (bn_train_step)', () => {
    const { x, y, ...running } = golden.bn_train_step as GoldenModule & {
      running_mean: number[];
      running_var: number[];
    };
    const statistics: Float32Array[] = [];
    tf.tidy(() => {
      const result = batchNormTrain(fromTorch(fill(x)), {
        scale: tf.ones([2]),
        offset: tf.zeros([2]),
        running: {
          mean: tf.zeros([2]),
          variance: tf.ones([2]),
          momentum: 0.1,
          update: (mean, variance) =>
            statistics.push(mean.dataSync<'float32'>(), variance.dataSync<'float32'>()),
        },
      });
      expectClose(toTorch(result), y, TOLERANCE);
    });
    expect(statistics).toHaveLength(2);
    expectClose(statistics[0], running.running_mean, TOLERANCE);
    expectClose(statistics[1], running.running_var, TOLERANCE);
  });

  it.each([0, 0.3, 1])('updates running statistics with a momentum of %f', (momentum) => {
    tf.tidy(() => {
      const x = tf.tensor4d([1, 10, 2, 20, 3, 60], [1, 3, 1, 2]); // means 2 and 30, unbiased variances 1 and 700
      const update = (mean: tf.Tensor1D, variance: tf.Tensor1D): void => {
        expectClose(
          mean.dataSync<'float32'>(),
          [5 + momentum * (2 - 5), 6 + momentum * (30 - 6)],
          TOLERANCE,
        );
        expectClose(
          variance.dataSync<'float32'>(),
          [7 + momentum * (1 - 7), 8 + momentum * (700 - 8)],
          TOLERANCE,
        );
      };
      for (const activation of ['linear', 'relu'] as const) {
        batchNormTrain(x, {
          scale: tf.ones([2]),
          offset: tf.zeros([2]),
          activation,
          running: { mean: tf.tensor1d([5, 6]), variance: tf.tensor1d([7, 8]), momentum, update },
        });
      }
      expect.hasAssertions();
    });
  });

  it('equals PyTorch in loss and gradient (cross_entropy_mean)', () => {
    const { logits, target, loss, grad } = golden.cross_entropy_mean as {
      logits: number[][];
      target: number[];
      loss: number;
      grad: number[][];
    };
    tf.tidy(() => {
      const labels = tf.tensor1d(target, 'int32');
      const { value, grad: gradient } = tf.valueAndGrad((x: tf.Tensor) =>
        softmaxCrossEntropy(x as tf.Tensor2D, labels),
      )(tf.tensor2d(logits));
      expectClose(value.dataSync(), [loss], TOLERANCE);
      expectClose(gradient.dataSync(), grad.flat(), TOLERANCE);
    });
  });
});
