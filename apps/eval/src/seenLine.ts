/** What `predict` says of images that the model has seen. */
import { count } from '@nonlocal-med/core';
import type { PredictionResult } from './predictionOutput.js';

/** How many of the images the model has seen; with labels, the results of the test say it. */
export function seenLine({ seen, test }: Pick<PredictionResult, 'seen' | 'test'>): string {
  if (test !== undefined || seen.images === 0) return '';
  if (!seen.checked)
    return `Not known whether the model was trained on these images: ${seen.uncheckedBecause}`;
  if (seen.seen.length === 0) return '';
  const training = seen.seen.filter(({ split }) => split === 'training').length;
  const uses = [
    ...(training > 0 ? [`${training} used for training`] : []),
    ...(seen.seen.length > training
      ? [`${seen.seen.length - training} for selecting the best checkpoint`]
      : []),
  ];
  return `The model has seen ${seenOf(seen)}: ${uses.join(' and ')}. Its predictions for ${seen.seen.length === 1 ? 'it' : 'them'} say little about how it does on others.`;
}

/** `both images`, `all 3 images`, `the only image`, or `2 of the 5 images`. */
function seenOf({ seen, images }: PredictionResult['seen']): string {
  if (seen.length < images) return `${seen.length} of the ${count(images, 'image')}`;
  if (images === 1) return 'the only image';
  return images === 2 ? 'both images' : `all ${count(images, 'image')}`;
}
