import type { LayersModel } from '@tensorflow/tfjs-layers';
import { assembleModel } from './assembleModel.js';
import { checkModelOptions } from './checkModelOptions.js';
import { describeOrigin } from './modelMetadata.js';
import type { ModelOptions } from './options/modelOptions.js';

/**
 * A classifier by name: normalised images [B, H, W, 3] in, logits [B, classes] out. Layers are named after the reference
 * implementation's state_dict; stage outputs are the layers `e1` to `e4`, `nam` and `fused`.
 *
 * Equal seeds give equal weights; models that share a backbone share its start.
 * @param name one of `modelNames()`, or `NAME@e2` for `namAt: 'e2'`
 * @throws InputError with all issues of name and options
 */
export function createModel(name: string, options: ModelOptions): LayersModel {
  const checked = checkModelOptions(name, options);
  const model = assembleModel(checked);
  model.setUserDefinedMetadata(describeOrigin(checked));
  return model;
}
