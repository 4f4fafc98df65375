import { readFileSync } from 'node:fs';
import type { SaliencyMap, SaliencyMethod } from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { attentionLayers } from './attentionLayer.js';
import { gradCam } from './gradCam.js';
import { saliencyMaps, saliencyMapsAsync } from './saliencyMaps.js';
import { goldenImages, goldenModel, height, width } from './testing/goldenModel.js';

/** Computed by test/golden/make_cam_methods.py with pytorch-grad-cam 1.5.7 in float64. */
const golden = JSON.parse(
  readFileSync(new URL('../test/golden/cam_methods.json', import.meta.url), 'utf8'),
) as {
  cases: {
    method: SaliencyMethod;
    layers: string[];
    classes: number[] | null;
    maps: number[][];
  }[];
};

/** Attention whose source is 3 x gradient x input, and which receives the input, in the first channel. */
class FirstChannelAttention extends tfl.layers.Layer {
  static readonly className = 'TestFirstChannelAttention';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0], 2);
  }
  attentionMap(x: tf.Tensor4D): tf.Tensor3D {
    return this.attentionReceived(x);
  }
  attentionSource(x: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor3D {
    return this.attentionReceived(tf.mul(tf.mul(x, gradient), 3));
  }
  attentionReceived(x: tf.Tensor4D): tf.Tensor3D {
    return tf.squeeze(tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 1]), [3]);
  }
}

/** Attention at half the size of its images [4, 4, 3], then a mean over positions and a dense layer without bias. */
function attentionModel(kernel: number[][]): tfl.LayersModel {
  const input = tfl.input({ shape: [4, 4, 3] });
  const pooled = tfl.layers
    .averagePooling2d({ name: 'pool', poolSize: 2, strides: 2, dataFormat: 'channelsLast' })
    .apply(input);
  const attended = new FirstChannelAttention({ name: 'nam' }).apply(pooled);
  const mean = tfl.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(attended);
  const dense = tfl.layers.dense({ units: 2, useBias: false });
  const model = tfl.model({ inputs: input, outputs: dense.apply(mean) as tfl.SymbolicTensor });
  tf.tidy(() => dense.setWeights([tf.tensor2d(kernel)]));
  return model;
}

eachBackend(() => {
  it.each(golden.cases.map((row) => [row.method, row.layers.join(' and '), row] as const))(
    '%s at %s equals pytorch-grad-cam',
    (method, _, { layers, classes, maps }) => {
      const model = goldenModel();
      const x = goldenImages();
      const before = tf.memory().numTensors;
      const options = { classIndex: classes ?? undefined };
      const result = gradCam(model, x, { layer: layers, method, ...options });
      expect(tf.memory().numTensors).toBe(before);
      const expected = maps.flat();
      expect(
        Math.max(...result.maps.map((value, i) => Math.abs(value - expected[i]))),
      ).toBeLessThan(2e-5);
      model.dispose();
      x.dispose();
    },
  );

  it('gives the maps of several methods and layers in the order of the request', () => {
    const model = goldenModel();
    const x = goldenImages();
    const before = tf.memory().numTensors;
    const maps: SaliencyMap[] = [
      { method: 'layercam', layer: 'second' },
      { method: 'gradcam', layer: 'first' },
      { method: 'gradcam', layer: 'second' },
    ];
    const together = saliencyMaps(model, x, { maps, classIndex: [1, 3] });
    expect(together).toHaveLength(3);
    maps.forEach((map, index) =>
      expect(together[index]).toEqual(gradCam(model, x, { ...map, classIndex: [1, 3] })),
    );
    expect(together[0].shape).toEqual([2, height, width]);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    x.dispose();
  });

  it.each([undefined, 2, [1, 3], [1]])(
    'gives the same maps asynchronously, for the classes %o',
    async (classIndex) => {
      const model = goldenModel();
      const x = goldenImages();
      const before = tf.memory().numTensors;
      const maps: SaliencyMap[] = [
        { method: 'gradcam++', layer: 'first' },
        { method: 'hirescam', layer: 'second' },
      ];
      const found = await saliencyMapsAsync(model, x, { maps, classIndex });
      expect(found).toEqual(saliencyMaps(model, x, { maps, classIndex }));
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
      x.dispose();
    },
  );

  it('leaves no tensors behind where asynchronous maps are refused', async () => {
    const model = goldenModel();
    const x = goldenImages();
    const broken: tf.Tensor4D = tf.mul(x, NaN);
    const before = tf.memory().numTensors;
    const maps: SaliencyMap[] = [{ method: 'gradcam', layer: 'second' }];
    await expect(saliencyMapsAsync(model, x, { maps, classIndex: 9 })).rejects.toThrow(
      'class 9 does not exist',
    );
    await expect(saliencyMapsAsync(model, broken, { maps, classIndex: 0 })).rejects.toThrow(
      'values that are not finite for a map',
    );
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, broken]);
    model.dispose();
  });
});

describe('attention maps', () => {
  const images = (): tf.Tensor4D =>
    // the first channel of each 2 x 2 cell is 1, 2, 3 and 5
    tf.tensor4d(
      Float32Array.from({ length: 48 }, (_, i) => {
        const [row, column] = [Math.floor(i / 12), Math.floor(i / 3) % 4];
        return i % 3 === 0 ? [1, 2, 3, 5][2 * Math.floor(row / 2) + Math.floor(column / 2)] : 9;
      }),
      [1, 4, 4, 3],
    );
  const kernel = [
    [1, -1],
    [0, 0],
    [0, 0],
  ];

  it("come from the layer's input and the gradient at its output, clipped at zero", () => {
    const model = attentionModel(kernel);
    const x = images();
    const before = tf.memory().numTensors;
    const maps: SaliencyMap[] = [
      { method: 'attention-source', layer: 'nam' },
      { method: 'attention-received', layer: 'nam' },
    ];
    const [source, received] = saliencyMaps(model, x, { maps, classIndex: 0 });
    const [opposed] = saliencyMaps(model, x, { maps, classIndex: 1 });
    // 1, 2, 3, 5 minus the smallest, divided by the range; the corners keep their values when resized
    for (const { maps: values } of [source, received])
      [0, 3, 12, 15].forEach((corner, i) =>
        expect(values[corner]).toBeCloseTo([0, 0.25, 0.5, 1][i], 5),
      );
    expect([...opposed.maps]).toEqual(Array.from({ length: 16 }, () => 0));
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    x.dispose();
  });

  it('are refused for layers without attention, with the layers that have it', () => {
    const model = attentionModel(kernel);
    const x = images();
    const at = (layer: string) => () =>
      saliencyMaps(model, x, { maps: [{ method: 'attention-source', layer }] });
    expect(attentionLayers(model)).toEqual(['nam']);
    expect(at('pool')).toThrow('layer "pool" has no attention. Layers that have it: nam.');
    expect(at('other')).toThrow('the model has no layer "other"');
    model.dispose();
    x.dispose();
  });
});
