import { setImmediate } from 'node:timers/promises';
import { count, InputError, type Sample } from '@nonlocal-med/core';
import { imageIdentity } from '@nonlocal-med/data';
import type { SeenMatch } from './imageRecord.js';
import type { SeenImages } from './seenImages.js';

/** An image of a data set that the model has seen, and how. */
export interface SeenImage extends SeenMatch {
  readonly id: string;
}

/** Which images of a data set a model has seen, and what was done about it; part of every written result. */
export interface SeenReport {
  /** Whether it is known which images the model has seen. */
  readonly checked: boolean;
  /** Why it is not known. */
  readonly uncheckedBecause?: string;
  /** Where they were looked up: in the record of the run or of the model, or in the run's data set, read again. */
  readonly source?: 'run' | 'model' | 'data set';
  /** Number of images in the data set. */
  readonly images: number;
  /** Number of images that were left out because the model has seen them. */
  readonly excluded: number;
  /** Whether seen images were tested all the same. */
  readonly includeSeen: boolean;
  /** The images that the model has seen. */
  readonly seen: readonly SeenImage[];
}

/**
 * Leaves out the images that a model was trained or selected on: equal files, and near duplicates. Images of its test set
 * are not seen.
 * @param options path: of the data set, for the error; includeSeen: report seen images, but keep them
 * @throws InputError if the model has seen all of the images.
 */
export async function excludeSeen<S extends Sample>(
  samples: readonly S[],
  seenImages: SeenImages,
  {
    path,
    includeSeen = false,
    onProgress,
    signal,
  }: {
    readonly path: string;
    readonly includeSeen?: boolean;
    readonly onProgress?: (done: number, total: number) => void;
    readonly signal?: AbortSignal;
  },
): Promise<{ readonly samples: readonly S[]; readonly report: SeenReport }> {
  const images = samples.length;
  if ('unknownBecause' in seenImages) {
    const uncheckedBecause = seenImages.unknownBecause;
    const report = { checked: false, uncheckedBecause, images, excluded: 0, includeSeen, seen: [] };
    return { samples, report };
  }
  const kept: S[] = [];
  const seen: SeenImage[] = [];
  for (const [index, sample] of samples.entries()) {
    await setImmediate(); // lets Ctrl-C through: a search among many recorded images takes milliseconds
    signal?.throwIfAborted();
    const match = await seenImages.find(imageIdentity(sample));
    if (match !== null) seen.push({ id: sample.id, ...match });
    if (match === null || includeSeen) kept.push(sample);
    onProgress?.(index + 1, images);
  }
  if (kept.length === 0 && images > 0)
    throw new InputError({
      path,
      message: `the model has seen ${images === 1 ? 'its only image' : `all of its ${images} images`}: ${describeMatches(seen)}. Results on them would say nothing about other images`,
      hint: 'images that the run has not used; the test set of a run, by evaluating it without other data; or --include-seen',
    });
  const { source } = seenImages;
  const excluded = images - kept.length;
  return {
    samples: kept,
    report: { checked: true, source, images, excluded, includeSeen, seen },
  };
}

/** Sentences on what was excluded and why, for people; empty if the model has seen none of the images. */
export function describeSeen({
  checked,
  uncheckedBecause,
  images,
  excluded,
  includeSeen,
  seen,
}: SeenReport): string[] {
  if (!checked)
    return [
      `NOT CHECKED whether the model was trained on these images: ${uncheckedBecause} If it was, the results are too good.`,
    ];
  if (seen.length === 0) return [];
  const matches = describeMatches(seen);
  if (includeSeen)
    return [
      `INCLUDED although the model has seen ${seen.length === 1 ? 'it' : 'them'} (--include-seen): ${seen.length} of ${count(images, 'image')}; ${matches}. The results are too good: they say nothing about other images.`,
    ];
  return [
    `Excluded ${excluded} of ${count(images, 'image')}, which the model has seen: ${matches}. --include-seen keeps ${excluded === 1 ? 'it' : 'them'}.`,
  ];
}

/** `727 used for training and 81 for selecting the best checkpoint (805 with the same content, 3 near duplicates)`. */
function describeMatches(seen: readonly SeenImage[]): string {
  const number = (choose: (image: SeenImage) => boolean): number => seen.filter(choose).length;
  const training = number(({ split }) => split === 'training');
  const validation = seen.length - training;
  const near = number(({ rule }) => rule === 'near duplicate');
  const same = seen.length - near;
  const uses = [
    training > 0 && `${training} used for training`,
    validation > 0 && `${validation} for selecting the best checkpoint`,
  ];
  const rules = [
    same > 0 && `${same} with the same content`,
    near > 0 && count(near, 'near duplicate'),
  ];
  const list = (parts: readonly (string | false)[], word: string): string =>
    parts.filter((part) => part !== false).join(word);
  return `${list(uses, ' and ')} (${list(rules, ', ')})`;
}
