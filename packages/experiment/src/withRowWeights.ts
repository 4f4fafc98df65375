import { InputError } from '@nonlocal-med/core';
import { isPlainObject, omitKeys, type RawOptions } from '@nonlocal-med/pipeline';
import type { ResolvedExperiment } from './experimentSchema.js';

/**
 * The options of a row with the weights that the experiment starts its rows from. A row's own weights stand.
 * @throws InputError where files are named, and none for the row's backbone.
 */
export function withRowWeights(
  options: RawOptions,
  own: RawOptions,
  weights: ResolvedExperiment['weights'],
): RawOptions {
  const model = isPlainObject(options.model) ? options.model : {};
  if (isPlainObject(own.model) && own.model.weights !== undefined) return options;
  if (weights === 'none') return { ...options, model: omitKeys(model, 'weights') };
  if (weights === 'imagenet') return { ...options, model: { ...model, weights } };
  const [backbone] = (typeof model.name === 'string' ? model.name : 'resnet18-nla').split('-');
  if (Object.hasOwn(weights, backbone))
    return { ...options, model: { ...model, weights: weights[backbone] } };
  throw new InputError({
    path: 'weights',
    message: `has no file for the backbone ${backbone} (it names ${Object.keys(weights).join(', ') || 'none'})`,
    hint: `${backbone}: a .pth or .safetensors file, for every backbone; or "imagenet", or "none"`,
  });
}
