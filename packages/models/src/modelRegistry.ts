import { createRegistry } from '@nonlocal-med/core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { z } from 'zod';
import { plainClassifier } from './architectures/classificationHead.js';
import { crissCross, crissCrossOptions } from './architectures/crissCrossHead.js';
import { earlyFusion, earlyFusionOptions } from './architectures/earlyFusion.js';
import {
  convolutionalBlockAttention,
  convolutionalBlockAttentionOptions,
  squeezeExcitation,
  squeezeExcitationOptions,
} from './architectures/gatedBlocks.js';
import {
  dualBranchOptions,
  nam,
  namDualBranch,
  namDualBranchFusion,
  namOptions,
} from './architectures/nam.js';
import { nonLocalBlocks, nonLocalBlocksOptions } from './architectures/nonLocalBlocks.js';
import type { Backbone, BuildOptions } from './backbones/backbone.js';
import { resNet18 } from './backbones/resNet18.js';
import { shuffleNetV2, shuffleNetV2Options } from './backbones/shuffleNetV2.js';
import { generalOptions, headOptions, modelSchema, type OptionFields } from './modelOptions.js';

/** A model: a function from images to logits on a backbone, and the schema of its options. */
export interface ModelEntry {
  /** Backbone and extension in words. */
  readonly description: string;
  readonly backbone: Backbone;
  readonly build: (image: SymbolicTensor, options: BuildOptions) => SymbolicTensor;
  readonly schema: z.ZodObject;
}

/** Every model of the paper by name, except HyNet, which has no public description, and a variant of ours, `-fusion`. */
export const modelRegistry = createRegistry<ModelEntry>('model');

const backbones = {
  resnet18: {
    features: resNet18,
    title: 'ResNet18',
    options: {},
    encoderChoices: ['layers', 'stem'],
  },
  shufflenetv2: {
    features: shuffleNetV2,
    title: 'ShuffleNetV2',
    options: shuffleNetV2Options,
    encoderChoices: ['layers', 'stem', 'conv5'],
  },
} as const;

for (const name of ['resnet18', 'shufflenetv2'] as const) {
  const { encoderChoices } = backbones[name];
  register(name, {
    description: 'the backbone alone',
    build: plainClassifier,
    options: headOptions,
  });
  register(`${name}-nam`, {
    description: 'attention module in series',
    build: nam,
    options: namOptions,
  });
  register(`${name}-nam-db`, {
    description: 'attention branch in parallel, resized by one operator',
    build: namDualBranch,
    options: dualBranchOptions({ encoderChoices, fusion: ['average'] }),
  });
  register(`${name}-nla`, {
    description:
      'the full method: attention branch in parallel, joined by non-local context fusion',
    build: namDualBranchFusion,
    options: dualBranchOptions({ encoderChoices, fusion: ['average', 'max', 'bilinear'] }),
  });
  register(`${name}-fusion`, {
    description: 'an early map joined by context fusion, without attention (our variant)',
    build: earlyFusion,
    options: earlyFusionOptions({ encoderChoices, fusion: ['average', 'max', 'bilinear'] }),
  });
}
register('resnet18-se', {
  description: 'squeeze-and-excitation in every block',
  build: squeezeExcitation,
  options: squeezeExcitationOptions,
});
register('resnet18-cbam', {
  description: 'convolutional block attention in every block',
  build: convolutionalBlockAttention,
  options: convolutionalBlockAttentionOptions,
});
register('resnet18-nonlocal', {
  description: 'non-local blocks between residual blocks',
  build: nonLocalBlocks,
  options: nonLocalBlocksOptions,
});
register('resnet18-ccnet', {
  description: 'recurrent criss-cross attention after the backbone',
  build: crissCross,
  options: crissCrossOptions,
});

/** Adds a model; its name starts with that of its backbone. */
function register(
  name: string,
  {
    description,
    build,
    options,
  }: Pick<ModelEntry, 'description' | 'build'> & { readonly options: OptionFields },
): void {
  const backbone = backbones[backboneName(name)];
  modelRegistry.register(name, {
    description: `${backbone.title}, ${description}`,
    backbone: backbone.features,
    build,
    schema: modelSchema({ ...generalOptions, ...backbone.options, ...options }),
  });
}

/** `resnet18` of `resnet18-nla`. */
export function backboneName(modelName: string): keyof typeof backbones {
  return modelName.split('-')[0] as keyof typeof backbones;
}

/** The names that `createModel` accepts. `NAME@e2` is short for `namAt: 'e2'` where a model has that option. */
export function modelNames(): readonly string[] {
  return modelRegistry.names();
}

/**
 * The options of a model as a zod schema, with descriptions and defaults.
 * @throws InputError when the name is unknown.
 */
export function modelOptionsSchema(name: string): z.ZodObject {
  return modelRegistry.get(splitModelName(name).name).schema;
}

/** `resnet18-nla@e2` -> the model's name, and the map that its attention module reads. */
export function splitModelName(name: string): { name: string; namAt?: string } {
  const at = name.indexOf('@');
  return at < 0 ? { name } : { name: name.slice(0, at), namAt: name.slice(at + 1) };
}
