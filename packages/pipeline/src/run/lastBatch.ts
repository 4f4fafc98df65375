import { count, InputError } from '@nonlocal-med/core';
import { modelWeights } from '@nonlocal-med/tensor';
import type { LayersModel, Shape } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';

/** What {@link settleLastBatch} decides by. */
interface LastBatchContext {
  /** The model of the run, for images of the size of the configuration. */
  readonly model: LayersModel;
  /** Number of images in the training set. */
  readonly trainingImages: number;
}

/**
 * Batch normalization is undefined for a single value per channel: a batch of one image whose feature map is 1 x 1. If
 * only the last batch of an epoch is such a batch, it is left out, which is another image in each epoch.
 * @returns the configuration, with `training.dropLast` decided if that was necessary, and a note that says so
 * @throws InputError before the first step, if the batch size or the options leave no batch that can be trained on.
 */
export function settleLastBatch(
  config: RunConfig,
  { model, trainingImages }: LastBatchContext,
): { readonly config: RunConfig; readonly note?: string } {
  const { batchSize, dropLast } = config.training;
  if (dropLast === true && trainingImages < batchSize)
    throw new InputError({
      path: 'training.dropLast',
      message: `leaves out the only batch: ${count(trainingImages, 'training image')} in batches of ${batchSize}`,
      hint: `false, or a batch size (--batch) of at most ${trainingImages}`,
    });
  const layer = singleValueLayer(model);
  if (layer === undefined) return { config };

  const size = config.preprocessing.size.join(' x ');
  const reason = `batch normalization is not defined for one image of ${size} pixels, of which one value per channel is left (layer ${layer})`;
  const larger = 'a larger image size (--size)';
  if (batchSize === 1 || trainingImages === 1)
    throw new InputError({
      path: batchSize === 1 ? 'training.batchSize' : 'training set',
      message: `has ${batchSize === 1 ? '1 image per step' : '1 image'}, but ${reason}`,
      hint: `${batchSize === 1 ? 'a batch size (--batch) of at least 2' : 'more images'}, or ${larger}`,
    });
  if (trainingImages % batchSize !== 1 || dropLast === true) return { config };
  const remainder = `${trainingImages} training images in batches of ${batchSize} leave a last batch of 1 image`;
  if (dropLast === false)
    throw new InputError({
      path: 'training.dropLast',
      message: `is false, but ${remainder}, and ${reason}`,
      hint: `true, another batch size (--batch), or ${larger}`,
    });
  return {
    config: { ...config, training: { ...config.training, dropLast: true } },
    note: `One image is left out of each epoch, another one each time (training.dropLast): ${remainder}, and ${reason}. To train on all images in each epoch, use another batch size (--batch) or ${larger}.`,
  };
}

/** Name of a layer whose batch normalization sees one value per channel and image. */
function singleValueLayer(model: LayersModel): string | undefined {
  const normalizing = new Set(
    modelWeights(model)
      .filter(({ key }) => key.endsWith('running_mean'))
      .map(({ layer }) => layer),
  );
  return model.layers.find(
    (layer) =>
      normalizing.has(layer) &&
      layer.inboundNodes
        .flatMap(({ inputShapes }) => inputShapes as Shape[])
        .some((shape) => shape.slice(1, -1).every((length) => length === 1)),
  )?.name;
}
