import { InputError, parseOptions, type Preprocessing } from '@nonlocal-med/core';
import * as tfl from '@tensorflow/tfjs-layers';
import { ImageNormalization } from './layers/imageNormalization.js';
import { sequential } from './layers/sequential.js';
import type { ModelMetadata } from './modelMetadata.js';
import type { ModelOptions, ResolvedModelOptions } from './modelOptions.js';
import { modelOptionsSchema, modelRegistry, splitModelName } from './modelRegistry.js';

/**
 * A classifier by name: normalized images [B, H, W, 3] in, logits [B, classes] out. Layers have the names of the reference
 * implementation's `state_dict`; the stages' outputs are the layers `e1` to `e4`, `nam` and `fused`.
 *
 * Equal seeds give equal weights; models with the same backbone start from the same backbone weights.
 * @param name one of `modelNames()`, or `NAME@e2` for `namAt: 'e2'`
 * @throws InputError with all issues of name and options.
 *
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { createModel } from '@nonlocal-med/models';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = createModel('shufflenetv2-nla', { classes: 4, inputSize: 64, width: 0.5, seed: 1 });
 * const shapeOf = (layer) => model.getLayer(layer).outputShape.slice(1).join(' x ');
 * console.log(shapeOf('e4')); // 2 x 2 x 192
 * console.log(shapeOf('nam')); // 16 x 16 x 24
 * console.log(shapeOf('fused')); // 2 x 2 x 264
 * console.log(model.outputs[0].shape[1]); // 4
 * ```
 */
export function createModel(name: string, options: ModelOptions): tfl.LayersModel {
  const checked = checkModelOptions(name, options);
  const model = buildModel(checked);
  const { task } = checked.options;
  const metadata: ModelMetadata = {
    model: checked.name,
    ...(task === undefined ? {} : { task }),
    options: checked.options,
  };
  model.setUserDefinedMetadata(metadata);
  return model;
}

/** A model's name without its `@` part, and its options with defaults. */
export interface CheckedModel {
  readonly name: string;
  readonly options: ResolvedModelOptions;
}

/**
 * Checks the name and the options of a model and fills in the defaults.
 * @param options as a user gave them; unknown names are issues
 * @throws InputError with all issues together: unknown options, values out of range, contradictions; or that the name is
 * unknown.
 */
export function checkModelOptions(
  name: string,
  options: ModelOptions | Readonly<Record<string, unknown>>,
): CheckedModel {
  const { name: plainName, namAt } = splitModelName(name);
  const schema = modelOptionsSchema(plainName);
  const given: Record<string, unknown> = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  if (namAt !== undefined) {
    if (!('namAt' in schema.shape))
      throw new InputError({
        path: 'model',
        message: `"${name}": ${plainName} has no attention module to move`,
        hint: plainName,
      });
    if (given.namAt !== undefined && given.namAt !== namAt)
      throw new InputError({
        path: 'model.namAt',
        message: `${JSON.stringify(given.namAt)} contradicts the name "${name}"`,
      });
    given.namAt = namAt;
  }
  const resolved = parseOptions(schema, given, 'model') as unknown as ResolvedModelOptions;
  return { name: plainName, options: resolved };
}

/** Options of {@link buildModel}. */
export interface BuildModelOptions {
  /** False leaves the weights zero, to be loaded later. Default true. */
  readonly initialize?: boolean;
  /** Makes a model that takes RGB 0..255 and normalizes it with these statistics. */
  readonly normalization?: Pick<Preprocessing, 'mean' | 'std'>;
}

/** The layers model of checked options: input, normalization where requested, network, softmax or sigmoid where requested. */
export function buildModel(
  { name, options }: CheckedModel,
  { initialize = true, normalization }: BuildModelOptions = {},
): tfl.LayersModel {
  const { backbone, build } = modelRegistry.get(name);
  const input = tfl.input({ shape: [...(options.inputSize ?? [null, null]), 3], name: 'image' });
  const image =
    normalization === undefined
      ? input
      : sequential(input, new ImageNormalization({ name: 'normalization', ...normalization }));
  const logits = build(image, { ...options, backbone, seed: initialize ? options.seed : null });
  const output = options.probabilities
    ? sequential(logits, probabilityLayer(options.task))
    : logits;
  return tfl.model({ inputs: input, outputs: output, name });
}

function probabilityLayer(task: ResolvedModelOptions['task']): tfl.layers.Layer {
  const name = 'probabilities';
  return task === 'multilabel'
    ? tfl.layers.activation({ activation: 'sigmoid', name })
    : tfl.layers.softmax({ name });
}
