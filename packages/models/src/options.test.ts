import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { ModelOptions } from './modelOptions.js';
import { modelNames, modelOptionsSchema } from './modelRegistry.js';
import { filledModel } from './testing/fillModel.js';
import { trainingStep } from './testing/trainingStep.js';

/** Every value of every option that is not a default, each in the smallest model that has it; by default at 64 x 64. */
const variants: readonly [string, Partial<ModelOptions>][] = [
  ['shufflenetv2', { width: 1.5 }],
  ['shufflenetv2', { width: 2 }],
  ['shufflenetv2', { head: 'flatten' }],
  ['shufflenetv2-nla', { namAt: 'conv1' }],
  ['resnet18-nla', { namAt: 'stem' }],
  ['shufflenetv2-nla', { namAt: 'e2' }],
  ['shufflenetv2-nla', { namAt: 'e3' }],
  ['shufflenetv2-nla', { namAt: 'e4' }],
  ['resnet18-nla', { encoderStages: 'stem' }],
  ['shufflenetv2-nla', { encoderStages: 'conv5' }],
  ['shufflenetv2-nla', { mode: 'gaussian' }],
  ['shufflenetv2-nla', { mode: 'dot' }],
  ['shufflenetv2-nla', { mode: 'concat' }],
  ['shufflenetv2-nla', { scale: 'inverse-sqrt' }],
  ['shufflenetv2-nla', { residual: 'add' }],
  ['shufflenetv2-nla', { residual: 'gamma' }],
  ['shufflenetv2-nla', { subSample: 'input' }],
  ['shufflenetv2-nla', { subSample: 'projection' }],
  ['shufflenetv2-nla', { fusion: ['bilinear', 'max'] }],
  ['shufflenetv2-nla', { pools: 'plain', inputSize: [64, 130] }], // 33 columns to 5: adaptive bins have two sizes
  ['shufflenetv2-nla', { head: 'flatten' }],
  ['shufflenetv2-fusion', { fuseAt: 'conv1' }],
  ['shufflenetv2-fusion', { fuseAt: 'stem' }],
  ['resnet18-fusion', { fuseAt: 'e1' }],
  ['shufflenetv2-fusion', { fuseAt: 'e3' }],
  ['shufflenetv2-nam-db', { fusion: ['max'] }],
  ['shufflenetv2-nam-db', { fusion: ['bilinear'] }],
  ['resnet18-nam', { encoderStages: 'stem' }],
  ['shufflenetv2-nam', { seriesMode: 'replace' }],
  ['shufflenetv2-nam', { namAt: 'conv1' }],
  ['resnet18-nonlocal', { pairwise: 'gaussian', placement: ['layer3.0'] }],
  [
    'resnet18-nonlocal',
    { placement: ['layer1.0', 'layer1.1', 'layer2.0', 'layer4.0', 'layer4.1'] },
  ],
  ['resnet18-nonlocal', { pairwise: 'dot', subSample: 'input' }],
  ['resnet18-nonlocal', { pairwise: 'concat', batchNorm: false }],
  ['resnet18-nonlocal', { scale: 'inverse-sqrt', subSample: 'projection' }],
  ['resnet18-ccnet', { ccnet: 'inline', recurrence: 3 }],
  ['resnet18-ccnet', { dropout: 0.5 }],
  ['resnet18-se', { useBias: false, reduction: 8 }],
  ['resnet18-cbam', { reduction: 8 }],
];

/** Options of every model, which other tests cover; the width of all variants; encoder stages that do not change ShuffleNetV2's encoders. */
const ELSEWHERE =
  /^(\S+ (classes|inputSize|seed|probabilities: true|task: "multi(class|label)")|shufflenetv2\S* (width: 0\.5|encoderStages: "stem"))$/;

type Option = z.core.JSONSchema.BaseSchema;

/** The options of each model. */
const schemas = new Map(
  modelNames().map((name) => {
    const { properties } = z.toJSONSchema(modelOptionsSchema(name), { unrepresentable: 'any' });
    return [name, properties as Record<string, Option>];
  }),
);

/** Values that are not the default, as JSON: other choices, other items of a list, the other boolean; '' for any number. */
function alternatives({ enum: choices, items, type, default: preset }: Option): string[] {
  const values = choices ?? (type === 'array' ? (items as Option).enum! : undefined);
  if (values !== undefined)
    return values
      .filter((value) => ![preset].flat().includes(value))
      .map((value) => JSON.stringify(value));
  return [type === 'boolean' ? String(!preset) : ''];
}

it('covers every option of every model with these variants', () => {
  const uses = (value: unknown, wanted: string): boolean =>
    value !== undefined &&
    (wanted === '' || [value].flat().some((item) => JSON.stringify(item) === wanted));
  const covered = (option: string, spec: Option, wanted: string): boolean =>
    variants.some(
      ([name, options]) =>
        uses(options[option as keyof ModelOptions], wanted) &&
        JSON.stringify(schemas.get(name)![option]) === JSON.stringify(spec),
    );
  const gaps = [...schemas].flatMap(([name, schema]) =>
    Object.entries(schema).flatMap(([option, spec]) =>
      alternatives(spec)
        .filter((wanted) => !covered(option, spec, wanted))
        .map((wanted) => `${name} ${option}${wanted === '' ? '' : `: ${wanted}`}`),
    ),
  );
  expect(gaps.filter((gap) => !ELSEWHERE.test(gap))).toEqual([]);
});

/** Zero in exact arithmetic, or, for `concat`, where the ReLU is active for all pairs or for none. */
const ZERO_GRADIENT =
  /(phi|key)\.bias$|^nl\d(\.0)?\.(g|out)\.bias$|branch1\.1\.bias$|branch2\.4\.bias$|concat\.weight$|(theta|phi)\.(weight|bias)$/;

/** Loss of one training step with the weights of `fillModel`; every weight must get a gradient. */
function lossOf(name: string, options: Partial<ModelOptions>): number {
  return tf.tidy(() => {
    const { inputSize = [64, 64] } = options as { inputSize?: [number, number] };
    const model = filledModel(name, {
      classes: 3,
      width: name.startsWith('shuffle') ? 0.5 : undefined,
      ...options,
      inputSize,
    });
    const x = tf.randomUniform<tf.Rank.R4>([2, ...inputSize, 3], -2, 2, 'float32', 11);
    const { loss, gradients } = trainingStep(model, x, tf.tensor1d([0, 2], 'int32'));
    for (const [key, gradient] of gradients) {
      expect(gradient, key).toBeDefined();
      if (!ZERO_GRADIENT.test(key))
        expect(tf.norm(gradient).dataSync()[0], key).toBeGreaterThan(1e-8);
    }
    model.dispose();
    return loss.dataSync()[0];
  });
}

/** Options that move an operation, repeat it or change its size. */
const PLACED = ['width', 'namAt', 'encoderStages'];
/**
 * With NONLOCAL_MED_SLOW=1 all variants run on wasm, where a step of ResNet18 takes ten seconds: by default those of
 * ShuffleNetV2 whose option changes the operations. ResNet18's options use no operation that others do not.
 */
const isQuick = (backend: string, [name, options]: (typeof variants)[number]): boolean =>
  backend === 'native' ||
  process.env.NONLOCAL_MED_SLOW === '1' ||
  (name.startsWith('shufflenet') && !PLACED.includes(Object.keys(options)[0]));

eachBackend((backend) => {
  const defaults = new Map<string, number>();

  it.each(variants.filter((variant) => isQuick(backend, variant)))(
    'runs %s with %o forward and backward, with another loss than the default',
    (name, options) => {
      const before = tf.memory().numTensors;
      const loss = lossOf(name, options);
      const { inputSize } = options;
      const key = `${name} ${String(inputSize)}`;
      if (!defaults.has(key)) defaults.set(key, lossOf(name, { inputSize }));
      expect(Number.isFinite(loss)).toBe(true);
      expect(Math.abs(loss - defaults.get(key)!)).toBeGreaterThan(1e-6);
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
