import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import { attentionRow, gradCam } from '@nonlocal-med/explain';
import { resizeBilinear } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { explanationLayers } from './explanationLayers.js';
import { filledModel } from './testing/fillModel.js';
import { goldenInput } from './testing/goldenInput.js';
import type { GoldenModels } from './testing/goldenModels.js';
import { stateDict } from './weights/stateDict.js';

interface GoldenGradCam extends Pick<GoldenModels, 'batch' | 'classes' | 'height' | 'width'> {
  /** `layers` are those of docs/specification.md, section 11, the default first; `maps` have every 4th pixel of both axes. */
  readonly models: Record<
    string,
    {
      layers: string[];
      logits: number[][];
      cases: { layers: string[]; classes: number[] | null; maps: number[][] }[];
    }
  >;
}

/** Made by test/golden/make_grad_cam.py with pytorch-grad-cam 1.5.7 in float64. */
const golden = JSON.parse(
  readFileSync(new URL('../test/golden/grad_cam.json', import.meta.url), 'utf8'),
) as GoldenGradCam;
const { classes, height, width } = golden;
/**
 * With NONLOCAL_MED_SLOW=1 wasm, where all cases take minutes, explains all models; by default one of each kind of
 * attention, and of each only the case with the most layers.
 */
const slow = process.env.NONLOCAL_MED_SLOW === '1';
const ON_WASM = ['resnet18-nla', 'resnet18-nonlocal', 'resnet18-ccnet', 'resnet18-cbam'];
/** Maps are in [0, 1]; the largest difference found on any backend is 2e-5. */
const TOLERANCE = 1e-4;

const largest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

/** Every 4th pixel of both axes of one map. */
function thinned(maps: Float32Array, index: number): number[] {
  const [rows, columns] = [Math.ceil(height / 4), Math.ceil(width / 4)];
  return Array.from(
    { length: rows * columns },
    (_, i) =>
      maps[index * height * width + 4 * Math.floor(i / columns) * width + 4 * (i % columns)],
  );
}

eachBackend((backend) => {
  const all = slow || backend === 'native';
  describe.each(all ? Object.keys(golden.models) : ON_WASM)('Grad-CAM of %s', (name) => {
    it('equals pytorch-grad-cam at each layer, for predicted and given classes, and averaged over layers', () => {
      const { layers, logits, cases } = golden.models[name];
      const model = filledModel(name, { classes, inputSize: [height, width] });
      const images = goldenInput({ ...golden, salt: '' });
      const before = tf.memory().numTensors;
      expect(explanationLayers(model).slice(0, layers.length)).toEqual(layers);
      for (const row of all ? cases : cases.slice(-1)) {
        const result = gradCam(model, images, {
          layer: row.layers,
          classIndex: row.classes ?? undefined,
        });
        row.maps.forEach((map, index) =>
          expect(
            largest(thinned(result.maps, index), map),
            `${row.layers.join(' and ')}, classes ${String(row.classes)}`,
          ).toBeLessThan(TOLERANCE),
        );
        expect(largest([...result.logits], logits.flat())).toBeLessThan(TOLERANCE);
      }
      expect(tf.memory().numTensors).toBe(before);
      images.dispose();
      model.dispose();
    });
  });

  it('at "fused" is the class activation map of the linear classifier (Zhou et al. 2016)', () => {
    const model = filledModel('resnet18-nla', { classes, inputSize: [height, width] });
    tf.tidy(() => {
      const images = goldenInput({ ...golden, salt: '' });
      const fused = tfl
        .model({ inputs: model.inputs, outputs: model.getLayer('fused').output })
        .apply(images) as tf.Tensor4D;
      const weights = tf.reshape(stateDict(model).get('fc.weight')!.data as Float32Array, [
        classes,
        -1,
      ]); // [classes, channels]
      for (let classIndex = 0; classIndex < classes; classIndex++) {
        const scores = tf.relu(tf.sum(tf.mul(fused, tf.gather(weights, classIndex)), 3, true)); // [B, h, w, 1]
        const scaled = (maps: tf.Tensor4D): tf.Tensor4D =>
          tf.divNoNan(
            tf.sub(maps, tf.min(maps, [1, 2], true)),
            tf.sub(tf.max(maps, [1, 2], true), tf.min(maps, [1, 2], true)),
          );
        const map = scaled(resizeBilinear(scaled(scores as tf.Tensor4D), [height, width]));
        const result = gradCam(model, images, { layer: 'fused', classIndex });
        expect(largest([...result.maps], [...map.dataSync()])).toBeLessThan(1e-5);
      }
    });
    model.dispose();
  });
});

eachBackend(() => {
  it.each(['e1', 'conv1'] as const)(
    "shows a row of NAM's attention matrix, with the attention at %s",
    (namAt) => {
      const model = filledModel('resnet18-nla', { classes, inputSize: [height, width], namAt });
      const images = goldenInput({ ...golden, salt: '' });
      const before = tf.memory().numTensors;
      const { weights, shape, position } = attentionRow(model, images, { x: 21, y: 40 });
      expect(tf.memory().numTensors).toBe(before);
      const reduction = namAt === 'e1' ? 4 : 2;
      expect(shape).toEqual([golden.batch, height / reduction, width / reduction]);
      expect(position).toEqual({
        row: Math.floor(40 / reduction),
        column: Math.floor(21 / reduction),
      });
      const [, rows, columns] = shape;
      tf.tidy(() => {
        // The whole matrix from the layer's weights: softmax over j of theta(x_i) . phi(x_j)
        const input = tfl
          .model({ inputs: model.inputs, outputs: model.getLayer('nam').input })
          .apply(images) as tf.Tensor4D;
        const own = stateDict(model);
        const project = (name: string): tf.Tensor3D => {
          const kernel = tf.reshape(own.get(`nam.${name}.weight`)!.data as Float32Array, [
            -1,
            input.shape[3],
          ]); // [inner, C]
          const flat = tf.matMul(tf.reshape(input, [-1, input.shape[3]]), kernel, false, true);
          return tf.reshape(
            tf.add(flat, tf.tensor1d(own.get(`nam.${name}.bias`)!.data as Float32Array)),
            [golden.batch, rows * columns, -1],
          );
        };
        const matrix = tf.softmax(tf.matMul(project('theta'), project('phi'), false, true)); // [B, N, N]
        const row = tf
          .slice(matrix, [0, position.row * columns + position.column, 0], [-1, 1, -1])
          .dataSync();
        expect(largest([...weights], [...row])).toBeLessThan(1e-5);
      });
      images.dispose();
      model.dispose();
    },
  );
});
