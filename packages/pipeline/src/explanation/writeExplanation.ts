import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pixels, Sample, Task } from '@nonlocal-med/core';
import { heatMap, resizeMap } from '@nonlocal-med/data/image';
import {
  attentionRow,
  blendMap,
  localizationScores,
  perturbationCurve,
} from '@nonlocal-med/explain';
import type { ExplainedAttention, ExplainedImage, ExplainedMap } from '@nonlocal-med/runs';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Sharp } from 'sharp';
import { drawOverlay, overlayCaption } from './drawOverlay.js';
import { encodeImage, markPixel } from './encodeImage.js';
import type { ExplanationRequest } from './explanationRequest.js';
import { resizeMask } from './lesionMask.js';
import type { MappedImage } from './mapImages.js';

/** Longer edge of the images shown in a report, in pixels. */
const PREVIEW_SIZE = 224;

type Extras = Pick<ExplanationRequest, 'curves' | 'attentionAt' | 'tolerance'> & {
  readonly task: Task;
  /** Names of the classes, for captions. */
  readonly classes: readonly string[];
  readonly signal?: AbortSignal;
};

/** Saves an image of an explanation and returns its path relative to the index. */
type Save = (file: string, image: Sharp | Buffer) => Promise<string>;

/**
 * Writes the files of one explained image into `folder/name`: a preview, the lesion mask, and a map and an overlay for
 * each method, layer and class.
 * @returns its entry in the index of the explanations
 */
export async function writeExplanation(
  model: LayersModel,
  image: MappedImage & { readonly sample: Sample; readonly mask?: Pixels },
  { folder, name, ...extras }: Extras & { readonly folder: string; readonly name: string },
): Promise<ExplainedImage> {
  const { sample, predicted, probabilities, pixels, mask } = image;
  const { attentionAt } = extras;
  await mkdir(join(folder, name));
  const save: Save = async (file, encoded) => {
    await writeFile(
      join(folder, name, file),
      Buffer.isBuffer(encoded) ? encoded : await encoded.toBuffer(),
    );
    return `${name}/${file}`;
  };
  const [height, width] = previewSize(pixels);
  const preview = encodeImage(pixels).resize(width, height, { fit: 'fill' });
  return {
    id: sample.id,
    label: sample.label,
    ...(sample.findings === undefined ? {} : { findings: [...sample.findings] }),
    predicted,
    probabilities,
    picture: await save('picture.webp', preview.webp({ quality: 90 })),
    ...(mask === undefined ? {} : { mask: await saveMask(mask, [height, width], save) }),
    maps: await writeMaps(model, image, { ...extras, save }),
    ...(attentionAt === undefined
      ? {}
      : { attention: await writeAttention(model, image, { at: attentionAt, save }) }),
  };
}

function previewSize({ height, width }: Pixels): [height: number, width: number] {
  const shrink = Math.min(1, PREVIEW_SIZE / Math.max(height, width));
  return [Math.round(height * shrink), Math.round(width * shrink)];
}

function saveMask(mask: Pixels, [height, width]: [number, number], save: Save): Promise<string> {
  const data = resizeMask(mask, [height, width]).map((value) => 255 * value);
  return save('mask.png', encodeImage({ data, height, width, channels: 1 }).png());
}

async function writeMaps(
  model: LayersModel,
  image: MappedImage & { readonly mask?: Pixels },
  { task, curves, tolerance, classes, signal, save }: Extras & { readonly save: Save },
): Promise<ExplainedMap[]> {
  const { maps, pixels, tensor, mask } = image;
  const { height, width } = pixels;
  const lesions = mask === undefined ? undefined : resizeMask(mask, [height, width]);
  const written: ExplainedMap[] = [];
  for (const shown of maps) {
    const { method, layer, class: classIndex, map } = shown;
    const stem = `${method.replaceAll('+', 'p')}-${layer.replaceAll(/[^\w.-]/g, '_')}-class-${classIndex}`;
    const caption = overlayCaption({ ...image, map: shown, task, classes });
    const scores =
      lesions === undefined ? null : localizationScores(map, lesions, { tolerance, width });
    written.push({
      method,
      layer,
      class: classIndex,
      map: await save(`${stem}.png`, encodeImage(heatMap(map, { height, width })).png()),
      overlay: await save(`${stem}-overlay.png`, await drawOverlay(pixels, map, caption)),
      ...(scores === null ? {} : { scores }),
      ...(curves === undefined
        ? {}
        : {
            perturbation: await perturb(model, tensor, {
              map,
              classIndex,
              task,
              ...curves,
              signal,
            }),
          }),
    });
  }
  return written;
}

async function perturb(
  model: LayersModel,
  image: tf.Tensor4D,
  options: {
    map: Float32Array;
    classIndex: number;
    task: Task;
    step?: number;
    signal?: AbortSignal;
  },
): Promise<NonNullable<ExplainedMap['perturbation']>> {
  const deletion = await perturbationCurve(model, image, { ...options, kind: 'deletion' });
  const insertion = await perturbationCurve(model, image, { ...options, kind: 'insertion' });
  return { deletion: deletion.area, insertion: insertion.area };
}

/** Writes the attention weights of one pixel, and an overlay with the pixel marked. */
async function writeAttention(
  model: LayersModel,
  { pixels, tensor }: MappedImage,
  { at, save }: { at: { readonly x: number; readonly y: number }; save: Save },
): Promise<ExplainedAttention> {
  const layer = 'nam';
  const { weights, shape } = attentionRow(model, tensor, { layer, ...at });
  const [, height, width] = shape;
  const map = resizeMap(weights, { from: [height, width], to: [pixels.height, pixels.width] });
  return {
    layer,
    ...at,
    map: await save('attention.png', encodeImage(heatMap(weights, { height, width })).png()),
    overlay: await save(
      'attention-overlay.png',
      encodeImage(markPixel(blendMap(pixels, map), at)).png(),
    ),
  };
}
