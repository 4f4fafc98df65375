import { join } from 'node:path';
import { createUnlikeCheck, type UnlikeCheck, type UnlikeImage } from '@nonlocal-med/classifier';
import { count } from '@nonlocal-med/core';
import { readTrainingStatistics, runFiles } from '@nonlocal-med/runs';

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

/** Which of some images are unlike the training images; part of every written result. */
export interface UnlikeReport {
  /** Whether the model has statistics of its training images. */
  readonly checked: boolean;
  /** Number of images that were compared. */
  readonly images: number;
  readonly unlike: readonly (UnlikeImage & { readonly id: string })[];
}

/** Sums up comparisons. @param images those that were compared; undefined if nothing was, for lack of statistics */
export function reportUnlike(
  images: readonly (UnlikeImage & { readonly id: string })[] | undefined,
): UnlikeReport {
  return {
    checked: images !== undefined,
    images: images?.length ?? 0,
    unlike: images?.filter(({ distance }) => distance > 1) ?? [],
  };
}

/** One sentence on how many images are unlike the training images, or on why that is not known. */
export function describeUnlike({ checked, images, unlike: { length } }: UnlikeReport): string {
  if (!checked)
    return 'Not checked whether images are unlike the training images: the model has no statistics of them (an earlier version trained it, or there were fewer than 50).';
  if (length === 0)
    return `${images === 1 ? 'The image is not' : `None of ${count(images, 'image')} is`} unlike the training images.`;
  const caution = `unlike the training images: treat ${length === 1 ? 'its prediction' : 'their predictions'} with caution`;
  if (images === 1) return `The image is ${caution}.`;
  const share = (100 * length) / images;
  return `${length} of ${count(images, 'image')} (${share.toFixed(share < 10 ? 1 : 0)} %; about 1 % is usual) ${length === 1 ? 'is' : 'are'} ${caution}.`;
}
