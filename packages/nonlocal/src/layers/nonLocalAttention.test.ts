import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { NonLocalAttention } from './nonLocalAttention.js';
import type { NonLocalAttentionConfig } from './nonLocalAttentionConfig.js';
import { NonLocalContextFusion } from './nonLocalContextFusion.js';

type Options = ConstructorParameters<typeof NonLocalAttention>[0];

function modelOf(options: Options, shape = [6, 5, 8]): tfl.LayersModel {
  const input = tfl.input({ shape });
  return tfl.model({
    inputs: input,
    outputs: new NonLocalAttention(options).apply(input) as tfl.SymbolicTensor,
  });
}

async function saved(model: tfl.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler((all) => {
      artifacts = all;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
      });
    }),
  );
  return artifacts;
}

const EVERY_OPTION: NonLocalAttentionConfig[] = [
  {},
  { scale: 'inverse-sqrt', residual: 'add', blockRows: 7 },
  { residual: 'gamma', seed: 3 },
  { mode: 'gaussian', scale: 0.1 },
  { mode: 'dot', scale: 0.5, subSample: 'projection' },
  { mode: 'concat', residual: 'add' },
  { mode: 'softmax', subSample: 'input', valueChannels: 3 },
  { mode: 'gaussian', subSample: 'projection' },
  { mode: 'concat', subSample: 'input', innerChannels: 2 },
];

eachBackend(() => {
  it.each(EVERY_OPTION)(
    'trains with %o, and gives the same output after saving and loading',
    async (options) => {
      const model = modelOf(options);
      const x = tf.randomNormal([2, 6, 5, 8], 0, 1, 'float32', 1);
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      const before = tf.memory().numTensors;
      const [first, , last] = await fitSteps(model, x, 3);
      expect(last).toBeLessThan(first);
      expect(tf.memory().numTensors).toBe(before);

      const loaded = await tfl.loadLayersModel(tf.io.fromMemory(await saved(model)));
      expect(loaded.layers[1].getConfig()).toEqual(model.layers[1].getConfig());
      tf.tidy(() => expectClose(loaded.predict(x) as tf.Tensor, model.predict(x) as tf.Tensor, 0));
      expect(model.outputs[0].shape.slice(1)).toEqual(
        tf.tidy(() => (model.predict(x) as tf.Tensor).shape).slice(1),
      );
      tf.dispose(x);
      model.dispose();
      loaded.dispose();
    },
  );

  it('gives every weight a gradient', () => {
    for (const options of EVERY_OPTION) {
      const model = modelOf(options);
      tf.tidy(() => {
        if (options.residual === 'gamma')
          model.layers[1].weights
            .find(({ originalName }) => originalName.endsWith('gamma'))
            ?.write(tf.ones([1]));
        const x = tf.randomNormal([2, 6, 5, 8], 0, 1, 'float32', 1);
        const { grads } = tf.variableGrads(() =>
          tf.sum<tf.Scalar>(tf.square(model.apply(x) as tf.Tensor)),
        );
        expect(Object.keys(grads)).toHaveLength(model.weights.length);
        for (const [name, gradient] of Object.entries(grads)) {
          const size = tf.max(tf.abs(gradient)).dataSync()[0];
          // A softmax over j ignores what phi's bias adds to all scores of a row.
          if (name.includes('phi.bias') && !['dot', 'concat'].includes(options.mode ?? 'softmax'))
            expect(size).toBeLessThan(1e-3);
          else expect(size, `${name} of ${JSON.stringify(options)}`).toBeGreaterThan(1e-8);
        }
      });
      model.dispose();
    }
  });

  it('computes the attention map of a pixel', () => {
    const layer = new NonLocalAttention({ subSample: 'projection', scale: 'inverse-sqrt' });
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([2, 6, 5, 8], 0, 1, 'float32', 1);
      layer.apply(x);
      const map = layer.attentionMap(x, { row: 5, column: 4 });
      expect(map.shape).toEqual([2, 3, 2]);
      expectClose(tf.sum(map, [1, 2]), [1, 1], 1e-6);
      expect(() => layer.attentionMap(x, { row: 6, column: 0 })).toThrow(
        'pixel (6, 0) is outside 6 x 5',
      );
    });
    layer.dispose();
  });

  it('fuses with a subset of the operators in the given order, also after saving and loading', async () => {
    const [map, feature] = [tfl.input({ shape: [9, 7, 2] }), tfl.input({ shape: [4, 3, 5] })];
    const fused = new NonLocalContextFusion({
      operators: ['max', 'average'],
      pools: 'plain',
    }).apply([feature, map]) as tfl.SymbolicTensor;
    expect(fused.shape).toEqual([null, 4, 3, 9]);
    const model = tfl.model({ inputs: [map, feature], outputs: fused });
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(await saved(model)));
    tf.tidy(() => {
      const x = [
        tf.randomNormal([2, 9, 7, 2], 0, 1, 'float32', 1),
        tf.randomNormal([2, 4, 3, 5], 0, 1, 'float32', 2),
      ];
      const y = model.predict(x) as tf.Tensor;
      expectClose(loaded.predict(x) as tf.Tensor, y, 0);
      const part = (from: number, size: number): tf.Tensor =>
        tf.slice(y, [0, 0, 0, from], [2, 4, 3, size]);
      expectClose(part(0, 5), x[1], 0);
      const [most, mean] = [part(5, 2), part(7, 2)];
      expect(tf.min(tf.sub(most, mean)).dataSync()[0]).toBeGreaterThan(0);
      // 9 rows to 4 are windows of 3 at stride 2, 7 columns to 3 windows of 3 at stride 2.
      expectClose(most, tf.maxPool(x[0] as tf.Tensor4D, 3, 2, 'valid'), 0);
      expectClose(mean, tf.avgPool(x[0] as tf.Tensor4D, 3, 2, 'valid'), 1e-6);
    });
    expect(() => new NonLocalContextFusion({ operators: [] })).toThrow('at least one operator');
    expect(() => new NonLocalContextFusion({ operators: ['median' as 'max'] })).toThrow(
      "operator is 'median'",
    );
    expect(() => new NonLocalContextFusion({ pools: 'even' as 'plain' })).toThrow(
      "pools is 'even'; it must be one of adaptive, plain",
    );
  });
});

it("has the paper's 2 (C C/2 + C/2) + C C + C parameters, with reference names and in HWIO", () => {
  // Counts of spec section 3.1.
  for (const [channels, count] of [
    [64, 8320],
    [24, 1200],
    [116, 27144],
    [1, 6],
  ] as const) {
    const model = modelOf({ name: `nam${channels}` }, [4, 4, channels]);
    expect(model.countParams()).toBe(count);
    expect(model.weights.map(({ originalName, shape }) => [originalName, shape])).toContainEqual([
      `nam${channels}/theta.weight`,
      [1, 1, channels, Math.max(1, channels >> 1)],
    ]);
    model.dispose();
  }
});

it("starts from PyTorch's uniform distribution, determined by seed and name", () => {
  const kernel = (options: Options): number[] => {
    const model = modelOf(options, [4, 4, 64]);
    const values = [...model.layers[1].getWeights()[0].dataSync()];
    model.dispose();
    return values;
  };
  const values = kernel({ name: 'nam', seed: 1 });
  const bound = 1 / Math.sqrt(64);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
  const std = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  expect(std).toBeCloseTo(bound / Math.sqrt(3), 2);
  expect(kernel({ name: 'nam', seed: 1 })).toEqual(values);
  expect(kernel({ name: 'nam', seed: 2 })).not.toEqual(values);
  expect(kernel({ name: 'other', seed: 1 })).not.toEqual(values);
});

it.each([
  [{ mode: 'cosine' }, "mode is 'cosine'; it must be one of softmax, gaussian, dot, concat"],
  [{ residual: 'yes' }, "residual is 'yes'"],
  [{ subSample: 2 }, "subSample is '2'"],
  [{ blockRows: 0.5 }, 'blockRows is 0.5'],
  [{ innerChannels: 0 }, 'innerChannels is 0'],
  [{ scale: NaN }, 'scale is NaN'],
  [{ mode: 'concat', scale: 2 }, "scale has no effect in mode 'concat'"],
])('refuses %o', (options, message) => {
  expect(() => new NonLocalAttention(options as Options)).toThrow(message);
});

it('refuses a residual with another number of channels and an input that is not a map', () => {
  expect(() => modelOf({ residual: 'add', valueChannels: 3 })).toThrow(
    'as many value channels (3) as input channels (8)',
  );
  expect(() => modelOf({}, [5, 8])).toThrow('takes [batch, height, width, channels]');
});

async function fitSteps(model: tfl.LayersModel, x: tf.Tensor, steps: number): Promise<number[]> {
  const y = tf.zeros([2, ...(model.outputs[0].shape.slice(1) as number[])]);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  y.dispose();
  return losses;
}
