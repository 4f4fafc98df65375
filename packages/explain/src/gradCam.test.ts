import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { eachBackend } from '@nonlocal-med/engine/testing';
import { conv2d } from '@nonlocal-med/tensor';
import { describe, expect, it } from 'vitest';
import { gradCam } from './gradCam.js';
import { jetColors } from './jetColors.js';
import { overlay } from './overlay.js';

/** Made by test/golden/make_grad_cam.py with pytorch-grad-cam. */
const golden = JSON.parse(readFileSync(new URL('../test/golden/grad_cam.json', import.meta.url), 'utf8')) as {
  logits: number[][];
  cases: { layers: string[]; classes: number[] | null; maps: number[][] }[];
  overlay: number[];
  jet: number[];
};
const [height, width] = [13, 17];
const fill = (count: number, a: number, b: number, s: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(a * i + b) * s);

/** A convolution with padding 1 whose gradient every backend has. */
class Convolution extends tfl.layers.Layer {
  static readonly className = 'TestConvolution';
  constructor(private readonly filters: number, private readonly stride: number) {
    super({});
  }
  override build([, , , channels]: number[]): void {
    this.addWeight('kernel', [3, 3, channels, this.filters], 'float32', tfl.initializers.zeros());
    this.addWeight('bias', [this.filters], 'float32', tfl.initializers.zeros());
  }
  override computeOutputShape([batch, h, w]: number[]): number[] {
    return [batch, Math.ceil(h / this.stride), Math.ceil(w / this.stride), this.filters];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [kernel, bias] = this.weights.map((weight) => weight.read());
    return tf.add(conv2d([inputs].flat()[0] as tf.Tensor4D, kernel as tf.Tensor4D, { stride: this.stride, padding: 1 }), bias);
  }
}

/** The network of make_grad_cam.py. */
function buildModel(): tfl.LayersModel {
  const input = tfl.input({ shape: [height, width, 3] });
  const first = tfl.layers.reLU({ name: 'first' }).apply(new Convolution(6, 1).apply(input));
  const second = tfl.layers.reLU({ name: 'second' }).apply(new Convolution(8, 2).apply(first));
  const pooled = tfl.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(second);
  const model = tfl.model({ inputs: input, outputs: tfl.layers.dense({ units: 4 }).apply(pooled) as tfl.SymbolicTensor });
  const shapes = [[6, 3, 3, 3], [6], [8, 6, 3, 3], [8], [4, 8], [4]];
  tf.tidy(() =>
    model.setWeights(
      shapes.map((shape, i) => {
        const torch = tf.tensor(fill(tf.util.sizeFromShape(shape), 0.7 + 0.1 * i, 0.3 * i, 0.4), shape);
        return shape.length === 4 ? tf.transpose(torch, [2, 3, 1, 0]) : shape.length === 2 ? tf.transpose(torch) : torch;
      }),
    ),
  );
  return model;
}

eachBackend(() => {
  const images = (): tf.Tensor4D => tf.tidy(() => tf.transpose(tf.tensor4d(fill(2 * 3 * height * width, 0.37, 0.2, 1.5), [2, 3, height, width]), [0, 2, 3, 1]));

  it.each(golden.cases.map((row) => [row.layers.join(' and '), row.classes?.join(',') ?? 'predicted', row] as const))('equals pytorch-grad-cam at %s for classes %s', (_, __, { layers, classes, maps }) => {
    const model = buildModel();
    const x = images();
    const before = tf.memory().numTensors;
    const result = gradCam(model, x, { layer: layers, ...(classes === null ? {} : { classIndex: classes }) });
    expect(tf.memory().numTensors).toBe(before);
    expect(result.shape).toEqual([2, height, width]);
    const expected = maps.flat();
    expect(Math.max(...result.maps.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(2e-5);
    golden.logits.flat().forEach((value, i) => expect(result.logits[i]).toBeCloseTo(value, 4));
    if (classes === null) expect(result.classIndices).toEqual(golden.logits.map((row) => row.indexOf(Math.max(...row))));
    model.dispose();
    x.dispose();
  });

  it('leaves the model as it was and says what is wrong with a layer or a class', () => {
    const model = buildModel();
    const x = images();
    const predict = (): Float32Array => tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync<'float32'>());
    const before = [...predict()];
    const tensors = tf.memory().numTensors;
    gradCam(model, x, { layer: 'first' });
    expect([...predict()]).toEqual(before);
    expect(() => gradCam(model, x, { layer: 'third' })).toThrow(/no layer "third".*first.*second/s);
    expect(() => gradCam(model, x, { layer: model.layers.at(-1)!.name })).toThrow('needs [batch, height, width, channels]');
    expect(() => gradCam(model, x, { layer: 'second', classIndex: 4 })).toThrow('classes 0 to 3');
    expect([...predict()]).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
    x.dispose();
  });
});

describe('overlay', () => {
  it('equals show_cam_on_image', () => {
    const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37 + 11) % 256);
    const map = Float32Array.from({ length: height * width }, (_, i) => Math.abs(Math.sin(i * 0.13)));
    const result = overlay({ data, height, width, channels: 3 }, map);
    expect(Math.max(...result.data.map((value, i) => Math.abs(value - golden.overlay[i])))).toBeLessThanOrEqual(1);
  });

  it('uses the JET colours of OpenCV', () => {
    expect([...jetColors]).toEqual(golden.jet);
  });

  it('refuses a map of another size', () => {
    expect(() => overlay({ data: new Uint8Array(12), height: 2, width: 2, channels: 3 }, new Float32Array(5))).toThrow('5 values, the image 2 x 2');
  });
});
