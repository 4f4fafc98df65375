import { InputError, type Preprocessing } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { assembleModel } from '../assembleModel.js';
import { type ModelMetadata, modelMetadata } from '../modelMetadata.js';
import { weightKeys } from '../weights/weightKeys.js';

export interface ExportOptions {
  /** Everything that happens to an image before the network; the exported model does the normalisation itself. */
  readonly preprocessing: Preprocessing;
  /** Class names in the order of the outputs. */
  readonly labels: readonly string[];
}

/**
 * The model as others use it: RGB values 0..255 at the model's size in, probabilities out. Layer names stay, so that
 * `e4`, `nam` and `fused` can be looked at; `fc` (or `head.fc`) still gives the logits. The caller disposes of it.
 * @throws InputError when labels or size do not fit the model, or the model was not made by `createModel`
 */
export function exportableModel(
  model: LayersModel,
  { preprocessing, labels }: ExportOptions,
): LayersModel {
  const origin = modelMetadata(model);
  if (origin === undefined)
    throw new InputError({
      path: 'model',
      message: `"${model.name}" was not made by createModel`,
      hint: 'a model of this package',
    });
  const options = {
    ...origin.options,
    inputSize: [...preprocessing.size] as const,
    probabilities: true,
  };
  checkFit(origin, { preprocessing, labels });
  const { mean, std } = preprocessing;
  const exported = assembleModel(
    { name: origin.model, options },
    { initialise: false, normalization: { mean, std } },
  );
  const values = new Map(weightKeys(model).map(({ key, variable }) => [key, variable]));
  for (const { key, variable } of weightKeys(exported)) variable.write(values.get(key)!.read());
  exported.setUserDefinedMetadata(
    plainJson({ model: origin.model, options, labels, preprocessing }),
  );
  return exported;
}

function checkFit({ options }: ModelMetadata, { preprocessing, labels }: ExportOptions): void {
  if (labels.length !== options.classes)
    throw new InputError({
      path: 'labels',
      message: `${labels.length} labels for a model of ${options.classes} classes (${labels.join(', ')})`,
    });
  if (options.inputSize !== undefined && options.inputSize.join() !== preprocessing.size.join()) {
    throw new InputError({
      path: 'preprocessing.size',
      message: `[${preprocessing.size.join(', ')}] for a model of [${options.inputSize.join(', ')}]`,
    });
  }
}

/** tfjs takes nothing but plain objects, arrays and primitives as metadata. */
function plainJson(metadata: ModelMetadata): Record<string, unknown> {
  return JSON.parse(JSON.stringify(metadata)) as Record<string, unknown>;
}
