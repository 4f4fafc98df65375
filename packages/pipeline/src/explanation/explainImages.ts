import {
  classIssues,
  explainableImage,
  mapIssues,
  MOST_EXPLAINED,
  readClasses,
  resolveMaps,
  withoutNormalization,
} from '@nonlocal-med/classifier';
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
import { mapOnImage } from '@nonlocal-med/data/image';
import type { ExportedModel } from '../inference/openExportedModel.js';
import { drawOverlay, overlayCaption } from './drawOverlay.js';
import { mapImages } from './mapImages.js';

/** Longer side of the largest overlay, in pixels; larger images are shrunk to it. */
const LONGEST_SIDE = 4096;

/** An image by its index, and one of its classes or findings. */
export interface ExplainedClass {
  readonly index: number;
  readonly class: number;
}

/** What {@link explainImages} explains, and where it writes to. */
export interface ExplainImagesOptions {
  /** Path of the PNG file for the image with this index, explained by this map of this class or finding. */
  readonly fileOf: (explained: ExplainedClass, map: SaliencyMap) => string;
  /** Method and layer of the map; default: those that `explain` shows first. */
  readonly method?: SaliencyMethod;
  readonly layer?: string;
  /**
   * Classes or findings to explain, one overlay each: their names, `predicted` or `all`. Default: `predicted`, which is
   * the predicted class, or each finding with a probability of at least 0.5, at least the most probable one and at most
   * {@link MOST_EXPLAINED}.
   */
  readonly classes?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What {@link explainImages} could not show. */
export interface ImagesExplained {
  /** Maps that are zero everywhere: nothing at this layer speaks for the class or finding. */
  readonly empty: readonly ExplainedClass[];
  /** Predicted findings without an overlay, as their image has more than {@link MOST_EXPLAINED}. */
  readonly leftOut: readonly ExplainedClass[];
}

/**
 * Explains image files, or frames of them, with an exported model: writes each image at its own size, at most 4,096 pixels on its longer side,
 * with a saliency map as overlay, the explained class and its probability below it, and a color bar to the right: one file for
 * each explained class or finding. Where the network saw nothing of an image, as beside a center crop, the map is 0.
 * @throws InputError if the model has no such layer, class or finding, or a file is not a readable image.
 */
export async function explainImages(
  model: ExportedModel,
  sources: readonly ImageSource[],
  { fileOf, method, layer, classes = ['predicted'], signal, onProgress }: ExplainImagesOptions,
): Promise<ImagesExplained> {
  const choice = { methods: method && [method], layers: layer === undefined ? undefined : [layer] };
  throwIssues([
    ...mapIssues({ model: model.logits, name: model.name }, choice),
    ...classIssues(classes, { known: model.labels, words: ['predicted', 'all'] }),
  ]);
  const [shownMap] = resolveMaps(model.logits, choice);
  const { preprocessing, task } = model;
  const wanted = readClasses(classes, model.labels);
  const most = classes.every((name) => name === 'predicted') ? MOST_EXPLAINED : Infinity;
  const originals: Pixels[] = [];
  const images = mapImages(model.logits, loadImages(model, sources, originals), {
    maps: [shownMap],
    task,
    classesOf: (image) => wanted(image).slice(0, most),
    preprocessing: withoutNormalization(preprocessing),
    signal,
  });
  const empty: ExplainedClass[] = [];
  const leftOut: ExplainedClass[] = [];
  let index = 0;
  for await (const { maps, probabilities, predicted } of images) {
    const original = originals.shift()!;
    const shown = shrink(original);
    for (const { map, ...explained } of maps) {
      const onImage = mapOnImage(map, original, {
        ...preprocessing,
        to: [shown.height, shown.width],
      });
      const caption = overlayCaption({
        map: explained,
        task,
        classes: model.labels,
        probabilities,
        predicted,
      });
      const file = fileOf({ index, class: explained.class }, shownMap);
      await writeAtomic(file, await drawOverlay(shown, onImage, caption));
      if (map.every((value) => value === 0)) empty.push({ index, class: explained.class });
    }
    for (const left of wanted(explainableImage([], probabilities, task)).slice(most))
      leftOut.push({ index, class: left });
    index += 1;
    onProgress?.(index, sources.length);
  }
  return { empty, leftOut };
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
