import { mahalanobis } from '@nonlocal-med/classifier';
import { createRandom } from '@nonlocal-med/core';
import { quantile, type ViewStatistics } from '@nonlocal-med/data';
import type { StatisticsGroup, TrainingStatistics } from '@nonlocal-med/runs';
import { ledoitWolf } from './ledoitWolf.js';

/** The statistics of a training image, and its group (patient) if it is known. */
export interface TrainingImage extends ViewStatistics {
  readonly group?: string;
}

/** Fewer training images do not tell what is usual. */
export const MINIMUM_IMAGES = 50;
/** Fraction of unseen images of the same kind that should stay within the limit. */
const USUAL = 0.99;
const FOLDS = 5;

/** Smallest differences of the statistics that count as differences, in their units. */
const resolution = {
  appearance: [0.01, 0.05, 0.01, 0.01, 0.01, 0.3, 0.02, 0.02, 0.05, 0.05, 0.05, 0.01],
  layout: Array.from({ length: 16 }, () => 0.05),
} as const;

type GroupName = keyof typeof resolution;

/**
 * Summarizes the statistics of training images: mean, standard deviation and covariance of the appearance and of the
 * layout, and limits of the distances from them. The limits are 99 % quantiles of the distances of images that were left
 * out of the fit: five folds, all images of a patient in one of them.
 * @returns null for fewer than 50 images
 */
export function fitStatistics(
  images: readonly TrainingImage[],
): Omit<TrainingStatistics, 'heldOut'> | null {
  if (images.length < MINIMUM_IMAGES) return null;
  const folds = foldsOf(images);
  const heldOut = {
    appearance: new Float64Array(images.length),
    layout: new Float64Array(images.length),
  };
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = images.filter((_, index) => folds[index] !== fold);
    for (const name of ['appearance', 'layout'] as const) {
      const distance = mahalanobis(fitGroup(others, name));
      for (const [index, image] of images.entries())
        if (folds[index] === fold) heldOut[name][index] = distance(image[name]);
    }
  }
  const limits = { appearance: limitOf(heldOut.appearance), layout: limitOf(heldOut.layout) };
  const ratios = heldOut.appearance.map((distance, index) =>
    Math.max(distance / limits.appearance, heldOut.layout[index] / limits.layout),
  );
  return {
    version: 1,
    images: images.length,
    appearance: { ...fitGroup(images, 'appearance'), limit: limits.appearance },
    layout: { ...fitGroup(images, 'layout'), limit: limits.layout },
    limit: limitOf(ratios),
  };
}

function fitGroup(
  images: readonly ViewStatistics[],
  name: GroupName,
): Omit<StatisticsGroup, 'limit'> {
  const columns = resolution[name].map((smallest, index) => {
    const values = Float64Array.from(images, (image) => image[name][index]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const sorted = values.toSorted();
    return {
      mean,
      std: Math.max(Math.sqrt(variance), smallest),
      low: quantile(sorted, 1 - USUAL),
      high: quantile(sorted, USUAL),
    };
  });
  const standardized = images.map((image) =>
    Float64Array.from(columns, ({ mean, std }, index) => (image[name][index] - mean) / std),
  );
  const covariance = ledoitWolf(standardized);
  // A statistic that hardly varies counts in units of its resolution.
  for (const [index, row] of covariance.entries()) row[index] = Math.max(row[index], 1);
  const pick = (key: keyof (typeof columns)[number]): number[] =>
    columns.map((column) => column[key]);
  return { mean: pick('mean'), std: pick('std'), low: pick('low'), high: pick('high'), covariance };
}

/** The fold of each image; images of a patient are in the same one. */
function foldsOf(images: readonly TrainingImage[]): number[] {
  const keys = images.map(({ group }, index) => (group === undefined ? index : `group ${group}`));
  const order = [...new Set(keys)];
  createRandom(0, 'folds of training statistics').shuffle(order);
  const foldOf = new Map(order.map((key, position) => [key, position % FOLDS]));
  return keys.map((key) => foldOf.get(key)!);
}

/** The limit that a further image of the same kind exceeds with a probability of about 1 % (1 in n + 1 for n < 99). */
function limitOf(values: Float64Array): number {
  const rank = Math.ceil((values.length + 1) * USUAL);
  return Math.max(values.toSorted()[Math.min(rank, values.length) - 1], Number.EPSILON);
}
