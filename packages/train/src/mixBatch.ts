import { type Batch, createRandom, type Random } from '@nonlocal-med/core';
import { sampleBeta } from './sampleBeta.js';

/** How the images of a batch are mixed with each other. */
export interface MixingOptions {
  /** Both parameters of the beta distribution of mixup's shares; 0 for no mixup. */
  readonly mixup: number;
  /** The same of cutmix. */
  readonly cutmix: number;
}

/** A batch whose images may contain a share of another one of the batch. */
export interface MixedBatch extends Batch {
  /** Absent in a training that does not mix images. */
  readonly mixed?: {
    /** Labels of the other images, as {@link Batch.labels}. */
    readonly labels: Int32Array;
    /** Share of the other image, from 0 to 1. */
    readonly share: number;
  };
}

/** How two images become one: blended, or with a rectangle of the other one. */
export type Mixture =
  | { readonly share: number }
  | {
      readonly box: {
        readonly top: number;
        readonly bottom: number;
        readonly left: number;
        readonly right: number;
      };
    };

/** Whether a training mixes images. */
export const mixesImages = ({ mixup, cutmix }: MixingOptions): boolean => mixup > 0 || cutmix > 0;

/**
 * A batch in which each image is mixed with the one before it, the first with the last, all in the same way: mixup (Zhang
 * et al. 2018) or cutmix (Yun et al. 2019), as torchvision's `v2.MixUp` and `v2.CutMix` do. With both, half of the batches
 * are mixed by each.
 * @param seed what is random depends on it and on the number of the batch alone
 */
export function mixBatch(
  batch: Batch,
  options: MixingOptions,
  { seed, number }: { readonly seed: number; readonly number: number },
): MixedBatch {
  const random = createRandom(seed, 'mixing', number);
  const { mixup, cutmix } = options;
  const blends = cutmix === 0 || (mixup > 0 && random.chance(0.5));
  const [, height, width] = batch.shape;
  return applyMixture(
    batch,
    blends
      ? { share: 1 - sampleBeta(random, mixup) }
      : randomBox(random, { height, width, share: 1 - sampleBeta(random, cutmix) }),
  );
}

/**
 * Mixes each image of a batch with the one before it.
 * @param batch images [B, H, W, 3]; not changed
 */
export function applyMixture(batch: Batch, mixture: Mixture): Required<MixedBatch> {
  const [count, height, width, channels] = batch.shape;
  const images = Float32Array.from(batch.images);
  const size = height * width * channels;
  const other = (index: number): Float32Array => {
    const start = ((index + count - 1) % count) * size;
    return batch.images.subarray(start, start + size);
  };
  const labelWidth = batch.labels.length / count;
  const last = batch.labels.length - labelWidth;
  const labels = Int32Array.from([
    ...batch.labels.subarray(last),
    ...batch.labels.subarray(0, last),
  ]);
  for (let index = 0; index < count; index++) {
    const image = images.subarray(index * size, (index + 1) * size);
    const from = other(index);
    if ('share' in mixture) {
      const { share } = mixture;
      image.forEach((value, i) => (image[i] = value * (1 - share) + from[i] * share));
      continue;
    }
    const { top, bottom, left, right } = mixture.box;
    for (let row = top; row < bottom; row++) {
      const [begin, end] = [left, right].map((column) => (row * width + column) * channels);
      image.set(from.subarray(begin, end), begin);
    }
  }
  const share = 'share' in mixture ? mixture.share : boxShare(mixture.box, { height, width });
  return { ...batch, images, mixed: { labels, share } };
}

type Box = Extract<Mixture, { box: unknown }>['box'];

const boxShare = (
  { top, bottom, left, right }: Box,
  { height, width }: { readonly height: number; readonly width: number },
): number => ((bottom - top) * (right - left)) / (height * width);

/** A rectangle of an image's proportions with a share of its area, around a random pixel and cut off at the edges. */
function randomBox(
  random: Random,
  { height, width, share }: { readonly height: number; readonly width: number; share: number },
): Mixture {
  const [column, row] = [random.integer(width), random.integer(height)];
  const ratio = 0.5 * Math.sqrt(share);
  const [halfHeight, halfWidth] = [Math.trunc(ratio * height), Math.trunc(ratio * width)];
  return {
    box: {
      top: Math.max(0, row - halfHeight),
      bottom: Math.min(height, row + halfHeight),
      left: Math.max(0, column - halfWidth),
      right: Math.min(width, column + halfWidth),
    },
  };
}
