import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { attentionStatistics } from './attentionStatistics.js';

/** A layer of 2 x 3 keys in which every position attends by the weights of the input's first channel. */
class KeyAttention extends tfl.layers.Layer {
  static readonly className = 'TestKeyAttention';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return [inputs].flat()[0];
  }
  attentionMap(x: tf.Tensor4D): tf.Tensor3D {
    return this.attentionReceived(x);
  }
  attentionReceived(x: tf.Tensor4D): tf.Tensor3D {
    return tf.squeeze(tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 1]), [3]);
  }
  attentionEntropy(x: tf.Tensor4D): tf.Tensor3D {
    const weights = this.attentionReceived(x);
    const entropy = tf.neg(tf.sum(tf.mul(weights, tf.log(weights)), [1, 2], true));
    return tf.mul(tf.onesLike(weights), entropy);
  }
}

/** Images of 4 x 6 pixels, pooled to 2 x 3 keys. */
function pooledModel(): tfl.LayersModel {
  const input = tfl.input({ shape: [4, 6, 3] });
  const pooled = tfl.layers.averagePooling2d({ poolSize: 2 }).apply(input);
  const attended = new KeyAttention({ name: 'nam' }).apply(pooled);
  return tfl.model({
    inputs: input,
    outputs: tfl.layers.globalAveragePooling2d({}).apply(attended) as tfl.SymbolicTensor,
  });
}

const weights = [0.1, 0.2, 0.05, 0.4, 0.05, 0.2];

/** Two images whose blocks of 2 x 2 pixels have the weights above, and the weights in reverse. */
const images = (): tf.Tensor4D =>
  tf.tidy(() => {
    const small = tf.tensor4d([...weights, ...weights.toReversed()], [2, 2, 3, 1]);
    return tf.tile(tf.image.resizeNearestNeighbor(small, [4, 6]), [1, 1, 1, 3]);
  });

eachBackend(() => {
  it('gives the entropy, and the attention on cells with lesions relative to all', async () => {
    const model = pooledModel();
    const batch = images();
    const before = tf.memory().numTensors;
    const mask = new Uint8Array(24);
    mask[1] = 1; // cell 0
    mask[7] = 1; // cell 0 again
    mask[3 * 6] = 1; // cell 3
    const [first, second] = await attentionStatistics(model, batch, { masks: [mask, undefined] });
    const entropy = -weights.reduce((sum, weight) => sum + weight * Math.log(weight), 0);
    expect(first.entropy).toBeCloseTo(entropy, 5);
    expect(first.keys).toBe(6);
    expect(first.onLesions).toBeCloseTo(((0.1 + 0.4) / 2) * 6, 5);
    expect(second).toMatchObject({ keys: 6, onLesions: null });
    const [, reversed] = await attentionStatistics(model, batch, { masks: [undefined, mask] });
    expect(reversed.onLesions).toBeCloseTo(((0.2 + 0.05) / 2) * 6, 5);
    const [none] = await attentionStatistics(model, batch, { masks: [new Uint8Array(24)] });
    expect(none.onLesions).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
    batch.dispose();
    model.dispose();
  });

  it('refuses a layer without attention, and masks of another size or number', async () => {
    const model = pooledModel();
    const batch = images();
    await expect(attentionStatistics(model, batch, { layer: 'e9' })).rejects.toThrow(
      'the model has no layer "e9". Layers that have it: nam.',
    );
    await expect(
      attentionStatistics(model, batch, { masks: [new Uint8Array(25)] }),
    ).rejects.toThrow('a mask has 25 pixels, the images 4 x 6');
    const masks = Array.from({ length: 3 }, () => new Uint8Array(24));
    await expect(attentionStatistics(model, batch, { masks })).rejects.toThrow(
      '3 masks for 2 images',
    );
    batch.dispose();
    model.dispose();
  });
});
