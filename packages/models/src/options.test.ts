import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createModel } from './createModel.js';
import type { ModelOptions } from './options/modelOptions.js';
import { fillModel } from './testing/fillModel.js';
import { trainingStep } from './testing/trainingStep.js';

/** Every value of every option that is not a default, each in the smallest model that has it. */
const variants: readonly [string, Partial<ModelOptions>][] = [
  ['shufflenetv2', { width: 1.5 }],
  ['shufflenetv2', { width: 2 }],
  ['shufflenetv2', { head: 'flatten' }],
  ['shufflenetv2-nla', { namAt: 'conv1' }],
  ['resnet18-nla', { namAt: 'stem' }],
  ['shufflenetv2-nla', { namAt: 'e2' }],
  ['shufflenetv2-nla', { namAt: 'e3' }],
  ['shufflenetv2-nla', { namAt: 'e4' }],
  ['resnet18-nla', { taps: 'stem' }],
  ['shufflenetv2-nla', { taps: 'conv5' }],
  ['shufflenetv2-nla', { mode: 'gaussian' }],
  ['shufflenetv2-nla', { mode: 'dot' }],
  ['shufflenetv2-nla', { mode: 'concat' }],
  ['shufflenetv2-nla', { scale: 'inverse-sqrt' }],
  ['shufflenetv2-nla', { residual: 'add' }],
  ['shufflenetv2-nla', { residual: 'gamma' }],
  ['shufflenetv2-nla', { subSample: 'input' }],
  ['shufflenetv2-nla', { subSample: 'projection' }],
  ['shufflenetv2-nla', { fusion: ['bilinear', 'max'] }],
  ['shufflenetv2-nla', { head: 'flatten' }],
  ['shufflenetv2-nam-db', { fusion: ['max'] }],
  ['shufflenetv2-nam', { seriesMode: 'replace' }],
  ['shufflenetv2-nam', { namAt: 'conv1' }],
  ['resnet18-nonlocal', { pairwise: 'gaussian', placement: ['layer3.0'] }],
  ['resnet18-nonlocal', { pairwise: 'dot', subSample: 'input' }],
  ['resnet18-nonlocal', { pairwise: 'concat', batchNorm: false }],
  ['resnet18-nonlocal', { scale: 'inverse-sqrt', subSample: 'projection' }],
  ['resnet18-ccnet', { ccnet: 'inline', recurrence: 3 }],
  ['resnet18-se', { useBias: false, reduction: 8 }],
];
/** Zero in exact arithmetic, or, for `concat`, where all pairs lie on one side of its ReLU. */
const ZERO_GRADIENT = /(phi|key)\.bias$|^nl\d(\.0)?\.(g|out)\.bias$|branch1\.1\.bias$|branch2\.4\.bias$|concat\.weight$|(theta|phi)\.(weight|bias)$/;

/** Loss of one training step from formula-filled weights; every weight must get a gradient. */
function lossOf(name: string, options: Partial<ModelOptions>): number {
  return tf.tidy(() => {
    const model = createModel(name, { classes: 3, inputSize: 64, width: name.startsWith('shuffle') ? 0.5 : undefined, ...options });
    fillModel(model);
    const x = tf.randomUniform<tf.Rank.R4>([2, 64, 64, 3], -2, 2, 'float32', 11);
    const { loss, gradients } = trainingStep(model, x, tf.tensor1d([0, 2], 'int32'));
    for (const [key, gradient] of gradients) {
      expect(gradient, key).toBeDefined();
      if (!ZERO_GRADIENT.test(key)) expect(tf.norm(gradient).dataSync()[0], key).toBeGreaterThan(1e-8);
    }
    model.dispose();
    return loss.dataSync()[0];
  });
}

eachBackend(() => {
  const defaults = new Map<string, number>();

  it.each(variants)('%s with %o goes forward and backward, and differs from the default', (name, options) => {
    const before = tf.memory().numTensors;
    const loss = lossOf(name, options);
    if (!defaults.has(name)) defaults.set(name, lossOf(name, {}));
    expect(Number.isFinite(loss)).toBe(true);
    expect(Math.abs(loss - defaults.get(name)!)).toBeGreaterThan(1e-6);
    expect(tf.memory().numTensors).toBe(before);
  });
});
