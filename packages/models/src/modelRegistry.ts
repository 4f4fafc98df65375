import { createRegistry } from '@nonlocal-med/core';
import type { Backbone } from './backbones/backbone.js';
import { resNet18 } from './backbones/resNet18.js';
import { shuffleNetV2 } from './backbones/shuffleNetV2.js';
import { convolutionalBlockAttention } from './variations/convolutionalBlockAttention.js';
import { crissCross } from './variations/crissCross.js';
import { fullMethod, parallel } from './variations/dualBranch.js';
import { nonLocalBlocks } from './variations/nonLocalBlocks.js';
import { plain } from './variations/plain.js';
import { series } from './variations/series.js';
import { squeezeExcitation } from './variations/squeezeExcitation.js';
import type { Variation } from './variations/variation.js';

/** A model: a backbone and the way it is extended. */
export interface ModelEntry {
  readonly backbone: Backbone;
  readonly variation: Variation;
}

/** Every model of the paper by name; HyNet has no public description and is not among them. */
export const modelRegistry = createRegistry<ModelEntry>('model');

const compared: Readonly<Record<string, Variation>> = {
  '': plain,
  '-nam': series,
  '-nam-db': parallel,
  '-nla': fullMethod,
};
for (const [suffix, variation] of Object.entries(compared))
  modelRegistry.register(`resnet18${suffix}`, { backbone: resNet18, variation });
for (const [suffix, variation] of Object.entries(compared))
  modelRegistry.register(`shufflenetv2${suffix}`, { backbone: shuffleNetV2, variation });

modelRegistry.register('resnet18-se', { backbone: resNet18, variation: squeezeExcitation });
modelRegistry.register('resnet18-cbam', {
  backbone: resNet18,
  variation: convolutionalBlockAttention,
});
modelRegistry.register('resnet18-nonlocal', { backbone: resNet18, variation: nonLocalBlocks });
modelRegistry.register('resnet18-ccnet', { backbone: resNet18, variation: crissCross });
