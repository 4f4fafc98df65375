import { throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { decodeImage, preprocess, toRgb } from '@nonlocal-med/data';
import { gradCam, overlay } from '@nonlocal-med/explain';
import { explanationLayers } from '@nonlocal-med/models';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import type { ExportedModel } from '../inference/openExportedModel.js';
import { layerIssues } from './explanationRequest.js';

/** Where overlays go, and what they explain. */
export interface ExplainImagesOptions {
  /** The PNG file of the image with this index. */
  readonly fileOf: (index: number) => string;
  /** Layer to explain at; default: the last that both branches reach. */
  readonly layer?: string;
  /** Class to explain; default: the predicted one. */
  readonly classIndex?: number;
}

/**
 * Writes each image, prepared for the model, with its Grad-CAM map over it, as PNG of the model's size.
 * @throws InputError for a layer that the model has not.
 */
export async function explainImages(
  model: ExportedModel,
  files: readonly string[],
  { fileOf, layer = explanationLayers(model.logits)[0], classIndex }: ExplainImagesOptions,
): Promise<void> {
  const { size, color } = model.preprocessing;
  throwIssues(layerIssues(model.logits, [layer], model.name));
  for (const [index, file] of files.entries()) {
    const pixels = toRgb(preprocess(await decodeImage(file, { color }), model.preprocessing));
    const images = tf.tidy(() =>
      tf.cast(tf.tensor4d(pixels.data, [1, size[0], size[1], 3], 'int32'), 'float32'),
    );
    try {
      const { maps } = gradCam(model.logits, images, { layer, classIndex });
      const { data, width, height } = overlay(pixels, maps);
      await writeAtomic(
        fileOf(index),
        await sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer(),
      );
    } finally {
      images.dispose();
    }
  }
}
