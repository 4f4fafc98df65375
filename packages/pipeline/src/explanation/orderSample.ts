import { FINDING_THRESHOLD } from '@nonlocal-med/classifier';
import type { TaskPredictions } from '@nonlocal-med/core';
import type { LoaderSample } from '@nonlocal-med/data';
import { chooseImages } from './explainedSamples.js';

/**
 * The images to explain, the most important first: in turn the next most confident error, and the next of a choice in
 * proportion to the classes.
 */
export function orderSample(
  test: readonly LoaderSample[],
  predictions: TaskPredictions,
  { images, seed }: { readonly images: number; readonly seed: number },
): LoaderSample[] {
  const errors = confidentErrors(predictions);
  const sampleOf = new Map(test.map((sample) => [sample.id, sample]));
  const proportional = chooseImages(test, images, seed);
  const ordered = Array.from({ length: Math.max(errors.length, proportional.length) }, (_, i) => [
    ...(i < errors.length ? [sampleOf.get(errors[i])!] : []),
    ...(i < proportional.length ? [proportional[i]] : []),
  ]).flat();
  return [...new Set(ordered)].slice(0, images);
}

/** Ids of images with a wrong prediction, those that the model was surest of first. */
function confidentErrors(predictions: TaskPredictions): string[] {
  const { ids, labels, probabilities } = predictions;
  const ofFindings = 'findings' in predictions;
  const width = ofFindings ? predictions.findings.length : predictions.classes.length;
  const confidenceOf = (image: number): number => {
    const row = probabilities.subarray(image * width, (image + 1) * width);
    if (!ofFindings) {
      const highest = Math.max(...row);
      return labels[image] < 0 || row.indexOf(highest) === labels[image] ? -1 : highest;
    }
    return Math.max(
      -1,
      ...Array.from(row, (probability, finding) => {
        const truth = labels[image * width + finding];
        const isCalled = probability >= FINDING_THRESHOLD;
        if (truth < 0 || isCalled === (truth === 1)) return -1;
        return isCalled ? probability : 1 - probability;
      }),
    );
  };
  return ids
    .map((id, image) => ({ id, confidence: confidenceOf(image) }))
    .filter(({ confidence }) => confidence >= 0)
    .sort((a, b) => b.confidence - a.confidence)
    .map(({ id }) => id);
}
