import { eachBackend } from '@nonlocal-med/engine/testing';
import { softmaxCrossEntropy } from '@nonlocal-med/tensor';
import { modelWeights } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { createModel } from './createModel.js';
import { filledModel } from './testing/fillModel.js';
import { trainingStep } from './testing/trainingStep.js';

/** A softmax ignores what is added to a whole row. */
const ZERO_GRADIENT = 'nam.phi.bias';

/** The model's logits with the attention as in its formula, with the whole matrix of weights at once. */
function naiveLogits(model: tfl.LayersModel, images: tf.Tensor4D): tf.Tensor2D {
  const weight = new Map(modelWeights(model).map(({ key, variable }) => [key, variable.read()]));
  const parts = tfl.model({
    inputs: model.inputs,
    outputs: ['bn1', 'e4'].map((name) => model.getLayer(name).output as tfl.SymbolicTensor),
  });
  const [x, e4] = parts.apply(images, { training: true }) as tf.Tensor4D[];
  const [, height, width, channels] = x.shape;
  const rows = tf.reshape(x, [height * width, channels]); // batch 1
  const project = (name: string): tf.Tensor2D => {
    const kernel = weight.get(`nam.${name}.weight`)!;
    return tf.add(
      tf.matMul(rows, tf.reshape<tf.Rank.R2>(kernel, kernel.shape.slice(2) as [number, number])),
      weight.get(`nam.${name}.bias`)!,
    );
  };
  const attended = tf.matMul(
    tf.softmax(tf.matMul(project('theta'), project('phi'), false, true)),
    project('g'),
  );
  const fused = model
    .getLayer('fused')
    .apply([e4, tf.reshape(attended, [1, height, width, channels])]);
  return ['gap', 'fc'].reduce(
    (y, name) => model.getLayer(name).apply(y) as tf.Tensor,
    fused as tf.Tensor,
  ) as tf.Tensor2D;
}

eachBackend((backend) => {
  it('has the loss and the gradients of the naive form for every weight before and after the attention', () => {
    const model = filledModel('resnet18-nla', { classes: 3, namAt: 'conv1' });
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      // 32 x 49 positions before the pooling: two blocks of queries.
      const images = tf.randomUniform<tf.Rank.R4>([1, 64, 98, 3], -2, 2, 'float32', 5);
      const labels = tf.tensor1d([1], 'int32');
      const { loss, gradients, byName } = trainingStep(model, images, labels);
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const naive = tf.variableGrads(
        () => softmaxCrossEntropy(naiveLogits(model, images), labels),
        variables,
      );
      expect(loss.dataSync()[0]).toBeCloseTo(naive.value.dataSync()[0], 5);
      const keys = new Map([...gradients].map(([key, gradient]) => [gradient, key]));
      for (const [name, gradient] of Object.entries(byName)) {
        const key = keys.get(gradient)!;
        const [difference, size] = [
          tf.norm(tf.sub(gradient, naive.grads[name])),
          tf.norm(naive.grads[name]),
        ].map((tensor) => tensor.dataSync()[0]);
        if (key !== ZERO_GRADIENT) expect(difference / size, key).toBeLessThan(2e-4);
      }
    });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  // 193 x 193 positions: one matrix of weights would take 5.2 GiB, its gradient in the naive form three of them.
  it.runIf(backend === 'native' && process.env.NONLOCAL_MED_SLOW === '1')(
    'trains at 386 x 386, batch 1, within 3 GiB of resident memory (slow: NONLOCAL_MED_SLOW=1)',
    () => {
      const model = createModel('resnet18-nla', { classes: 3, namAt: 'conv1', inputSize: 386 });
      const adam = tf.train.adam(2e-4, 0.9, 0.999, 1e-8);
      const [images, labels] = [
        tf.randomUniform<tf.Rank.R4>([1, 386, 386, 3], -2, 2, 'float32', 5),
        tf.tensor1d([1], 'int32'),
      ];
      const losses = [0, 1, 2].map(() => {
        const { loss, byName } = trainingStep(model, images, labels);
        adam.applyGradients(Object.entries(byName).map(([name, tensor]) => ({ name, tensor })));
        const [value] = loss.dataSync();
        tf.dispose([loss, byName]);
        return value;
      });
      expect(losses[2]).toBeLessThan(losses[0]);
      expect(process.resourceUsage().maxRSS / 1024).toBeLessThan(3 * 1024); // of the whole process, the test runner included
      adam.dispose();
      tf.dispose([images, labels]);
      model.dispose();
    },
    600_000,
  );
});
