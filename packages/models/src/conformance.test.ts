import { eachBackend } from '@nonlocal-med/engine/testing';
import { modelWeights } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModel } from './createModel.js';
import { describeModel } from './describeModel.js';
import { modelNames } from './modelRegistry.js';
import { fillModel } from './testing/fillModel.js';
import { memoryHandler } from './testing/memoryHandler.js';
import { trainingStep } from './testing/trainingStep.js';

const CLASSES = 3;
/** Zero in exact arithmetic: softmax ignores what is added to a whole row; batch normalization ignores a constant before it. */
const ZERO_GRADIENT = /(phi|key)\.bias$|^nl\d\.(g|out)\.bias$|branch1\.1\.bias$|branch2\.4\.bias$/;
const STAGES = ['e1', 'e2', 'e3', 'e4', 'nam', 'fused'];

/** The paper's size, ImageNet's, one that is neither square nor divisible by 32, and a small one. */
const SIZES = [
  [386, 386],
  [224, 224],
  [97, 130],
  [64, 64],
] as const;
const slow = process.env.NONLOCAL_MED_SLOW === '1';
/** Training all models at the larger sizes takes minutes (10 s to a minute each at 386 x 386 on wasm): NONLOCAL_MED_SLOW=1. */
const trained = (backend: 'native' | 'wasm'): readonly (typeof SIZES)[number][] =>
  slow ? SIZES : [backend === 'native' ? SIZES[2] : SIZES[3]];
/** Sizes of forward passes by default: the paper's on the native backend, and the uneven one on both. */
const shown = (backend: 'native' | 'wasm'): readonly (typeof SIZES)[number][] => {
  if (slow) return SIZES;
  return backend === 'native' ? [SIZES[0], SIZES[2]] : [SIZES[2]];
};
const TIMEOUT = 300_000;

const images = (height: number, width: number, count = 1): tf.Tensor4D =>
  tf.randomUniform([count, height, width, 3], -2, 2, 'float32', 7);

eachBackend((backend) => {
  describe.each(modelNames())('%s', (name) => {
    let before: number;
    let model: tfl.LayersModel;
    beforeAll(() => {
      before = tf.memory().numTensors;
      model = createModel(name, { classes: CLASSES });
      fillModel(model);
    });
    afterAll(() => {
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it.each(shown(backend))(
      'has the shapes that describeModel states at %i x %i',
      (height, width) => {
        const tensors = tf.memory().numTensors;
        const { features } = describeModel(name, { classes: CLASSES, inputSize: [height, width] });
        const stages = model.layers.filter((layer) => STAGES.includes(layer.name));
        const withStages = tfl.model({
          inputs: model.inputs,
          outputs: [...stages.map((layer) => layer.output as tfl.SymbolicTensor), model.outputs[0]],
        });
        tf.tidy(() => {
          const outputs = withStages.predict(images(height, width)) as tf.Tensor[];
          const logits = outputs.pop()!;
          expect(logits.shape).toEqual([1, CLASSES]);
          expect([...logits.dataSync()].every(Number.isFinite)).toBe(true);
          const shapes = Object.fromEntries(
            features
              .filter(({ layer }) => layer !== 'stem')
              .map(({ layer, shape }) => [layer, [1, ...shape]]),
          );
          expect(
            Object.fromEntries(outputs.map((output, i) => [stages[i].name, output.shape])),
          ).toEqual(shapes);
        });
        expect(tf.memory().numTensors).toBe(tensors);
      },
      TIMEOUT,
    );

    it('gives equal outputs after saving and loading', async () => {
      const tensors = tf.memory().numTensors;
      const handler = memoryHandler();
      await model.save(handler);
      const loaded = await tfl.loadLayersModel(handler);
      tf.tidy(() => {
        const x = images(64, 64);
        expect((loaded.predict(x) as tf.Tensor).dataSync()).toEqual(
          (model.predict(x) as tf.Tensor).dataSync(),
        );
      });
      expect(loaded.getUserDefinedMetadata()).toEqual(model.getUserDefinedMetadata());
      expect(loaded.toJSON()).toBe(model.toJSON());
      const lines: string[] = [];
      loaded.summary(undefined, undefined, (line: string) => lines.push(line));
      expect(lines.join('\n')).toContain('Total params');
      loaded.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
    });

    it.each(trained(backend))(
      'gives every weight a gradient, updates every running statistic, and leaves no tensors behind at %i x %i',
      (height, width) => {
        const tensors = tf.memory().numTensors;
        const running = modelWeights(model).filter(({ variable }) => !variable.trainable);
        const started = running.map(({ variable }) =>
          variable.read().dataSync<'float32'>().slice(),
        );
        tf.tidy(() => {
          const { gradients } = trainingStep(
            model,
            images(height, width, 2),
            tf.tensor1d([0, 2], 'int32'),
          );
          const trainable = modelWeights(model).filter(({ variable }) => variable.trainable);
          expect([...gradients.keys()]).toEqual(trainable.map(({ key }) => key));
          for (const { key, variable } of trainable) {
            const gradient = gradients.get(key)!;
            expect(gradient?.shape, key).toEqual(variable.shape);
            if (!ZERO_GRADIENT.test(key))
              expect(tf.norm(gradient).dataSync()[0], key).toBeGreaterThan(1e-7);
          }
        });
        running.forEach(({ key, variable }, index) =>
          expect(variable.read().dataSync(), key).not.toEqual(started[index]),
        );
        expect(tf.memory().numTensors).toBe(tensors);
      },
      TIMEOUT,
    );
  });
});
