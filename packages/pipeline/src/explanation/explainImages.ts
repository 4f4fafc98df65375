import {
  type Batch,
  type Pixels,
  type SaliencyMap,
  type SaliencyMethod,
  throwIssues,
} from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import {
  decodeImage,
  type ImageSource,
  normalize,
  preprocess,
  resizeArea,
  toEightBits,
} from '@nonlocal-med/data';
import { type ExportedModel, withoutNormalization } from '../inference/openExportedModel.js';
import { drawOverlay, overlayCaption } from './drawOverlay.js';
import { mapIssues, resolveMaps } from './explanationMaps.js';
import { mapOnImage } from './imageFrame.js';
import { mapImages } from './mapImages.js';

/** Longer side of the largest overlay, in pixels; larger images are shrunk to it. */
const LONGEST_SIDE = 4096;

/** What {@link explainImages} explains, and where it writes to. */
export interface ExplainImagesOptions {
  /** Path of the PNG file for the image with this index, explained by this map. */
  readonly fileOf: (index: number, map: SaliencyMap) => string;
  /** Method and layer of the map; default: those that `explain` shows first. */
  readonly method?: SaliencyMethod;
  readonly layer?: string;
  /** Class or finding to explain; default: the predicted class, or the most probable finding. */
  readonly classIndex?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Explains image files, or frames of them, with an exported model: writes each image at its own size, at most 4,096 pixels on its longer side,
 * with a saliency map as overlay, the explained class and its probability below it, and a color bar to the right. Where the network saw nothing of an image, as
 * beside a center crop, the map is 0.
 * @returns the indices of images whose map is zero everywhere: nothing at this layer speaks for the class or finding
 * @throws InputError if the model has no such layer, or a file is not a readable image.
 */
export async function explainImages(
  model: ExportedModel,
  sources: readonly ImageSource[],
  { fileOf, method, layer, classIndex, signal, onProgress }: ExplainImagesOptions,
): Promise<number[]> {
  const choice = { methods: method && [method], layers: layer === undefined ? undefined : [layer] };
  throwIssues(mapIssues({ model: model.logits, name: model.name }, choice));
  const [shownMap] = resolveMaps(model.logits, choice);
  const { preprocessing } = model;
  const originals: Pixels[] = [];
  const images = mapImages(model.logits, loadImages(model, sources, originals), {
    maps: [shownMap],
    task: model.task,
    classesOf: ({ predictedClasses }) => [classIndex ?? predictedClasses[0]],
    preprocessing: withoutNormalization(preprocessing),
    signal,
  });
  const empty: number[] = [];
  let index = 0;
  for await (const { maps, probabilities, predicted } of images) {
    const [{ map, ...explained }] = maps;
    const original = originals.shift()!;
    const shown = shrink(original);
    const onImage = mapOnImage(map, original, {
      ...preprocessing,
      to: [shown.height, shown.width],
    });
    const caption = overlayCaption({
      map: explained,
      classes: model.labels,
      probabilities,
      predicted,
    });
    await writeAtomic(fileOf(index, shownMap), await drawOverlay(shown, onImage, caption));
    if (map.every((value) => value === 0)) empty.push(index);
    onProgress?.(++index, sources.length);
  }
  return empty;
}

/**
 * Image files as batches of one, with RGB values 0..255.
 * @param originals receives each image as it was decoded, with 8 bits
 */
async function* loadImages(
  { preprocessing }: ExportedModel,
  sources: readonly ImageSource[],
  originals: Pixels[],
): AsyncGenerator<Batch> {
  const [height, width] = preprocessing.size;
  for (const { file, frame } of sources) {
    const image = await decodeImage(file, { ...preprocessing, frame });
    const images = new Float32Array(height * width * 3);
    normalize(preprocess(image, preprocessing), withoutNormalization(preprocessing), images);
    originals.push({ ...image, data: toEightBits(image.data) });
    yield {
      images,
      shape: [1, height, width, 3],
      labels: Int32Array.of(-1),
      ids: [file],
    };
  }
}

function shrink(image: Pixels): Pixels {
  const factor = LONGEST_SIDE / Math.max(image.height, image.width);
  if (factor >= 1) return image;
  const size = [Math.round(image.height * factor), Math.round(image.width * factor)] as const;
  return resizeArea(image, size);
}
