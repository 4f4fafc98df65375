import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { attentionRow, attentionRowAsync } from './attentionRow.js';

/** An attention layer whose weights are the input's first channel, and which records the requested position. */
class ChannelAttention extends tfl.layers.Layer {
  static readonly className = 'TestChannelAttention';
  requested?: { row: number; column: number };
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return [inputs].flat()[0];
  }
  attentionMap(x: tf.Tensor4D, position: { row: number; column: number }): tf.Tensor3D {
    this.requested = position;
    return tf.squeeze(tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 1]), [3]);
  }
}

eachBackend(() => {
  it("requests the position of the pixel at the resolution of the layer, with the layer's input", async () => {
    const input = tfl.input({ shape: [8, 12, 3] });
    const attention = new ChannelAttention({ name: 'nam' });
    const pooled = tfl.layers
      .averagePooling2d({ name: 'pool', poolSize: 4, strides: 4, dataFormat: 'channelsLast' })
      .apply(input);
    const model = tfl.model({
      inputs: input,
      outputs: attention.apply(pooled) as tfl.SymbolicTensor,
    });
    const images = tf.tensor4d(
      Float32Array.from({ length: 288 }, (_, i) => (i % 3 === 0 ? i : -1)),
      [1, 8, 12, 3],
    );
    const before = tf.memory().numTensors;
    const row = attentionRow(model, images, { x: 11, y: 3.9 });
    expect(await attentionRowAsync(model, images, { x: 11, y: 3.9 })).toEqual(row);
    const { weights, shape, position } = row;
    expect(shape).toEqual([1, 2, 3]);
    expect(position).toEqual({ row: 0, column: 2 });
    expect(attention.requested).toEqual({ row: 0, column: 2 });
    expect([...weights]).toEqual(
      [0, 1, 2, 3, 4, 5].map(
        (cell) => 3 * (12 * (4 * Math.floor(cell / 3) + 1.5) + 4 * (cell % 3) + 1.5),
      ),
    );
    expect(() => attentionRow(model, images, { x: 12, y: 0 })).toThrow(
      'pixel (12, 0) is outside the image of 12 x 8 pixels',
    );
    await expect(attentionRowAsync(model, images, { x: 12, y: 0 })).rejects.toThrow(
      'pixel (12, 0) is outside the image',
    );
    expect(() => attentionRow(model, images, { layer: 'pool', x: 0, y: 0 })).toThrow(
      'layer "pool" has no attention. Layers that have it: nam.',
    );
    expect(() => attentionRow(model, images, { layer: 'other', x: 0, y: 0 })).toThrow(
      'no layer "other"',
    );
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(images);
  });
});
