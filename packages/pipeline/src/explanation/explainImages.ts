import { type Batch, throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { decodeImage, normalize, preprocess } from '@nonlocal-med/data';
import { overlay } from '@nonlocal-med/explain';
import { explanationLayers } from '@nonlocal-med/models';
import type { ExportedModel } from '../inference/openExportedModel.js';
import { withoutNormalization } from '../inference/predictSamples.js';
import { layerIssues } from './explanationRequest.js';
import { encodeImage } from './heatMap.js';
import { mapImages } from './mapImages.js';

/** What {@link explainImages} explains, and where it writes to. */
export interface ExplainImagesOptions {
  /** Path of the PNG file for the image with this index. */
  readonly fileOf: (index: number) => string;
  /** Layer of the Grad-CAM map; default: the last feature map, which is classified. */
  readonly layer?: string;
  /** Class to explain; default: the predicted one. */
  readonly classIndex?: number;
}

/**
 * Explains image files with an exported model: writes each image, as the model sees it, with its Grad-CAM map as overlay.
 * The PNG files have the input size of the model.
 * @throws InputError if the model has no such layer, or a file is not a readable image.
 */
export async function explainImages(
  model: ExportedModel,
  files: readonly string[],
  { fileOf, layer = explanationLayers(model.logits)[0], classIndex }: ExplainImagesOptions,
): Promise<void> {
  throwIssues(layerIssues({ model: model.logits, name: model.name }, [layer]));
  const images = mapImages(model.logits, loadImages(model, files), {
    layers: [layer],
    classesOf: ({ predicted }) => [classIndex ?? predicted],
    preprocessing: withoutNormalization(model.preprocessing),
  });
  let index = 0;
  for await (const { pixels, maps } of images) {
    const image = encodeImage(overlay(pixels, maps[0].map)).png();
    await writeAtomic(fileOf(index++), await image.toBuffer());
  }
}

/** Image files as batches of one, with RGB values 0..255. */
async function* loadImages(
  { preprocessing }: ExportedModel,
  files: readonly string[],
): AsyncGenerator<Batch> {
  const [height, width] = preprocessing.size;
  for (const file of files) {
    const image = await decodeImage(file, preprocessing);
    const images = new Float32Array(height * width * 3);
    normalize(preprocess(image, preprocessing), withoutNormalization(preprocessing), images);
    yield {
      images,
      shape: [1, height, width, 3],
      labels: Int32Array.of(-1),
      ids: [file],
    };
  }
}
