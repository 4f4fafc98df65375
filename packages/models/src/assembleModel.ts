import type { Preprocessing } from '@nonlocal-med/core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { CheckedModel } from './checkModelOptions.js';
import { classify } from './classify.js';
import { ImageNormalization } from './layers/imageNormalization.js';
import { modelRegistry } from './modelRegistry.js';
import { startWeights } from './startWeights.js';
import type { VariationContext } from './variations/variation.js';

export interface AssembleOptions {
  /** False leaves the weights zero, for a caller that fills them. */
  readonly initialise?: boolean;
  /** The model takes RGB 0..255 and normalises by these statistics. */
  readonly normalization?: Pick<Preprocessing, 'mean' | 'std'>;
}

/** Puts a checked model together: input, backbone with its variation, head. */
export function assembleModel(
  { name, options }: CheckedModel,
  { initialise = true, normalization }: AssembleOptions = {},
): tfl.LayersModel {
  const { backbone, variation } = modelRegistry.get(name);
  const encoders = backbone.encoders(options.taps ?? 'layers');
  const context: VariationContext = {
    options,
    seed: initialise ? options.seed : null,
    encoders,
    attentionPosition: attentionPosition(options.namAt, encoders),
  };
  const hooks = variation.hooks(context);

  const input = tfl.input({ shape: [...(options.inputSize ?? [null, null]), 3], name: 'image' });
  let x = input;
  if (normalization !== undefined)
    x = new ImageNormalization({ name: 'normalization', ...normalization }).apply(
      x,
    ) as tfl.SymbolicTensor;
  const endName = (position: string): string =>
    encoders.includes(position) ? `e${encoders.indexOf(position) + 1}` : position;
  for (const step of backbone.steps({
    seed: context.seed,
    width: options.width,
    endName,
    gate: hooks.gate,
  })) {
    x = step.apply(x);
    x = hooks.after?.(step.position, x) ?? x;
    if (step.position === hooks.lastPosition) break;
  }
  x = hooks.fuse?.(x) ?? x;
  x = hooks.classify?.(x) ?? classify(x, context);
  if (options.probabilities)
    x = tfl.layers.softmax({ name: 'probabilities' }).apply(x) as tfl.SymbolicTensor;

  const model = tfl.model({ inputs: input, outputs: x, name });
  if (initialise && hooks.initial !== undefined) startWeights(model, hooks.initial, options.seed);
  return model;
}

function attentionPosition(namAt: string | undefined, encoders: readonly string[]): string {
  return namAt !== undefined && /^e\d$/.test(namAt)
    ? encoders[Number(namAt.slice(1)) - 1]
    : (namAt ?? '');
}
