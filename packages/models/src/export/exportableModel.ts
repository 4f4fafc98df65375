import { InputError, type Preprocessing } from '@nonlocal-med/core';
import { modelWeights } from '@nonlocal-med/tensor';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildModel } from '../createModel.js';
import { type ModelMetadata, modelMetadata } from '../modelMetadata.js';

/** Options of an export. */
export interface ExportOptions {
  /** Preprocessing of the images; the exported model does the last step, normalization, itself. */
  readonly preprocessing: Preprocessing;
  /** Names of the classes or findings in the order of the outputs. */
  readonly labels: readonly string[];
}

/**
 * A copy of a trained model for its users: RGB 0..255 [B, H, W, 3] of images that were prepared as its metadata says in, probabilities [B, classes] out (the softmax, or the sigmoid for the task `multilabel`). Layers keep their
 * names, so that `e4`, `nam` and `fused` remain accessible; `fc` (or `head.fc`) still gives the logits. The caller
 * disposes of the copy.
 * @throws InputError when the labels or the size do not fit the model, or the model was not created by `createModel`.
 */
export function exportableModel(
  model: LayersModel,
  { preprocessing, labels }: ExportOptions,
): LayersModel {
  const origin = modelMetadata(model);
  if (origin === undefined)
    throw new InputError({
      path: 'model',
      message: `"${model.name}" was not created by createModel`,
      hint: 'a model of this package',
    });
  const options = {
    ...origin.options,
    inputSize: [...preprocessing.size] as const,
    probabilities: true,
  };
  checkFit(origin, { preprocessing, labels });
  const { mean, std } = preprocessing;
  const exported = buildModel(
    { name: origin.model, options },
    { initialize: false, normalization: { mean, std } },
  );
  const values = new Map(modelWeights(model).map(({ key, variable }) => [key, variable]));
  for (const { key, variable } of modelWeights(exported)) variable.write(values.get(key)!.read());
  exported.setUserDefinedMetadata(
    plainJson({ model: origin.model, task: options.task, options, labels, preprocessing }),
  );
  return exported;
}

function checkFit({ options }: ModelMetadata, { preprocessing, labels }: ExportOptions): void {
  if (labels.length !== options.classes)
    throw new InputError({
      path: 'labels',
      message: `${labels.length} labels for a model with ${options.classes} ${options.task === 'multilabel' ? 'findings' : 'classes'} (${labels.join(', ')})`,
    });
  if (options.inputSize !== undefined && options.inputSize.join() !== preprocessing.size.join()) {
    throw new InputError({
      path: 'preprocessing.size',
      message: `[${preprocessing.size.join(', ')}] for a model with the input size [${options.inputSize.join(', ')}]`,
    });
  }
}

/** TF.js accepts only plain objects, arrays and primitives as metadata. */
function plainJson(metadata: ModelMetadata): Record<string, unknown> {
  return JSON.parse(JSON.stringify(metadata)) as Record<string, unknown>;
}
