import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pixels, Sample } from '@nonlocal-med/core';
import { resizeBilinear } from '@nonlocal-med/data';
import {
  attentionRow,
  localizationScores,
  overlay,
  perturbationCurve,
} from '@nonlocal-med/explain';
import type { ExplainedAttention, ExplainedImage, ExplainedMap } from '@nonlocal-med/runs';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { encodeImage, heatMap, markPixel } from './heatMap.js';
import { resizeMask } from './lesionMask.js';
import type { MappedImage } from './mapImages.js';

/** Longest side of the pictures for a page. */
const PICTURE = 224;

/** What {@link writeExplanation} adds to the maps. */
export interface ExplanationExtras {
  /** Deletion and insertion by this many pixels a step, or a fiftieth of the image. */
  readonly curves?: { readonly step?: number };
  readonly attentionAt?: { readonly x: number; readonly y: number };
  /** Pixels of the model's input that a map's maximum may lie beside a lesion. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

/** One image with what was found out about it. */
export interface FoundImage {
  readonly sample: Sample;
  readonly found: MappedImage;
  /** As the network got it, before normalisation. */
  readonly pixels: Pixels;
  /** Normalised, [1, height, width, 3]. */
  readonly tensor: tf.Tensor4D;
  readonly mask?: Pixels;
}

/** Writes an image's picture, mask, maps and overlays into `folder/name`, and says what they are. */
export async function writeExplanation(
  model: LayersModel,
  image: FoundImage,
  { folder, name, ...extras }: ExplanationExtras & { folder: string; name: string },
): Promise<ExplainedImage> {
  const { sample, found, pixels, mask } = image;
  const { height, width } = pixels;
  const shrink = Math.min(1, PICTURE / Math.max(height, width));
  const size = [Math.round(height * shrink), Math.round(width * shrink)] as const;
  const save = async (file: string, data: Promise<Buffer>): Promise<string> => {
    await writeFile(join(folder, name, file), await data);
    return `${name}/${file}`;
  };
  await mkdir(join(folder, name));
  const picture = await save(
    'picture.webp',
    encodeImage(pixels).resize(size[1], size[0], { fit: 'fill' }).webp({ quality: 90 }).toBuffer(),
  );
  const maskFile =
    mask === undefined
      ? undefined
      : await save(
          'mask.png',
          encodeImage({
            data: resizeMask(mask, size).map((value) => 255 * value),
            height: size[0],
            width: size[1],
            channels: 1,
          })
            .png()
            .toBuffer(),
        );
  const lesions = mask === undefined ? undefined : resizeMask(mask, [height, width]);
  const maps: ExplainedMap[] = [];
  for (const { layer, class: classIndex, map } of found.maps) {
    const stem = `${layer.replaceAll(/[^\w.-]/g, '_')}-class-${classIndex}`;
    const scores =
      lesions === undefined
        ? null
        : localizationScores(map, lesions, { tolerance: extras.tolerance, width });
    maps.push({
      layer,
      class: classIndex,
      map: await save(`${stem}.png`, encodeImage(heatMap(map, { height, width })).png().toBuffer()),
      overlay: await save(
        `${stem}-overlay.png`,
        encodeImage(overlay(pixels, map)).png().toBuffer(),
      ),
      ...(scores === null ? {} : { scores }),
      ...(extras.curves === undefined
        ? {}
        : {
            perturbation: await perturbation(model, image.tensor, {
              map,
              classIndex,
              ...extras.curves,
              signal: extras.signal,
            }),
          }),
    });
  }
  const attention =
    extras.attentionAt === undefined
      ? undefined
      : await writeAttention(model, image, { at: extras.attentionAt, save });
  return {
    id: sample.id,
    label: sample.label,
    predicted: found.predicted,
    probabilities: found.probabilities,
    picture,
    ...(maskFile === undefined ? {} : { mask: maskFile }),
    maps,
    ...(attention === undefined ? {} : { attention }),
  };
}

async function perturbation(
  model: LayersModel,
  image: tf.Tensor4D,
  options: { map: Float32Array; classIndex: number; step?: number; signal?: AbortSignal },
): Promise<NonNullable<ExplainedMap['perturbation']>> {
  const deletion = await perturbationCurve(model, image, { ...options, kind: 'deletion' });
  const insertion = await perturbationCurve(model, image, { ...options, kind: 'insertion' });
  return { deletion: deletion.area, insertion: insertion.area };
}

async function writeAttention(
  model: LayersModel,
  { pixels, tensor }: FoundImage,
  {
    at,
    save,
  }: {
    at: { x: number; y: number };
    save: (file: string, data: Promise<Buffer>) => Promise<string>;
  },
): Promise<ExplainedAttention> {
  const layer = 'nam';
  const {
    weights,
    shape: [, height, width],
  } = attentionRow(model, tensor, { layer, ...at });
  const small = heatMap(weights, { height, width, longest: Math.max(height, width) });
  const large = Float32Array.from(
    resizeBilinear(small, [pixels.height, pixels.width]).data,
    (value) => value / 255,
  );
  return {
    layer,
    ...at,
    map: await save(
      'attention.png',
      encodeImage(heatMap(weights, { height, width })).png().toBuffer(),
    ),
    overlay: await save(
      'attention-overlay.png',
      encodeImage(markPixel(overlay(pixels, large), at))
        .png()
        .toBuffer(),
    ),
  };
}
