import { join } from 'node:path';
import { count } from '@nonlocal-med/core';
import type { ViewStatistics } from '@nonlocal-med/data';
import { readTrainingStatistics, runFiles, type TrainingStatistics } from '@nonlocal-med/runs';
import { createRatios } from './fitStatistics.js';
import { describeReasons, findReasons, type UnlikeReason } from './unlikeReasons.js';

/** In what way an image is unlike the images that a model was trained on. */
export interface UnlikeImage {
  /** Its distance from the training images as a multiple of the limit, more than 1. */
  readonly distance: number;
  /** The one or two statistics that stick out most. */
  readonly reasons: readonly UnlikeReason[];
  /** The reasons as text: `darker (brightness 9 %; training images 31 to 62 %)`. */
  readonly text: string;
}

/** Compares images with those that a model was trained on; null for an image that is not unusual. */
export type UnlikeCheck = (image: ViewStatistics) => UnlikeImage | null;

/**
 * The comparison with the training images of the model in a folder.
 * @param folder of a run or of an exported model
 * @returns null if the folder has no statistics of them
 * @throws InputError when the file of statistics is damaged.
 */
export async function openUnlikeCheck(folder: string): Promise<UnlikeCheck | null> {
  const statistics =
    (await readTrainingStatistics(folder)) ??
    (await readTrainingStatistics(join(folder, runFiles.model)));
  return statistics === null ? null : createUnlikeCheck(statistics);
}

/** The comparison with training images of which these are the statistics. */
export function createUnlikeCheck(statistics: TrainingStatistics): UnlikeCheck {
  const ratiosOf = createRatios(statistics);
  return (image) => {
    const ratios = ratiosOf(image);
    const distance = Math.max(ratios.appearance, ratios.layout) / statistics.limit;
    if (distance <= 1) return null;
    const reasons = findReasons(image, statistics, {
      appearance: ratios.appearance / statistics.limit,
      layout: ratios.layout / statistics.limit,
    });
    return { distance: Number(distance.toPrecision(4)), reasons, text: describeReasons(reasons) };
  };
}

/** One sentence on how many images are unlike the training images; for `null`, why that is not known. */
export function describeUnlike(unlike: number | null, images: number): string {
  if (unlike === null)
    return 'NOT CHECKED whether images are unlike the training images: the model has no statistics of them (it is of an earlier version, or was trained on fewer than 50 images).';
  if (unlike === 0)
    return `${images === 1 ? 'The image is not' : `None of ${count(images, 'image')} is`} unlike the training images.`;
  const share = images === 1 ? '' : ` (${percent(unlike / images)}; about 1 % is usual)`;
  return `${unlike} of ${count(images, 'image')}${share} ${unlike === 1 ? 'is' : 'are'} unlike the training images: treat ${unlike === 1 ? 'its prediction' : 'their predictions'} with caution.`;
}

const percent = (fraction: number): string =>
  `${fraction < 0.1 ? (100 * fraction).toFixed(1) : Math.round(100 * fraction)} %`;
