import type { TaskPredictions } from '@nonlocal-med/core';
import type { LoaderSample } from '@nonlocal-med/data';
import { readRun, type WeightsChoice } from '@nonlocal-med/runs';
import type { OpenRun } from '../run/completeRun.js';
import { chooseImages } from './explainedSamples.js';
import { FINDING_THRESHOLD, parseExplanationRequest } from './explanationRequest.js';
import { writeExplanations } from './explainRun.js';

/**
 * Explains a sample of a run's test images right after its test, with the weights that the model has, for as long as the
 * options allow: the most confident errors and, in turn, images in proportion to the classes. A failure is a warning: the
 * run is complete without.
 */
export async function explainSample(open: OpenRun, weights: WeightsChoice): Promise<void> {
  const { run, config, data, model, signal, listener } = open;
  const { images, seconds } = config.explanations;
  const { test } = data.split;
  if (images === 0 || seconds === 0 || test.length === 0) return;
  const { task = 'multiclass', classes } = data.dataset;
  try {
    const { predictions } = await readRun(run.path);
    const samples = orderSample(test, predictions[weights]!, { images, seed: config.seed });
    const request = parseExplanationRequest(
      {},
      { model, name: config.model.name, classes, size: config.preprocessing.size },
    );
    const { index } = await writeExplanations(
      { run, config, task, classes, model, weights },
      samples,
      {
        request,
        signal,
        budget: { seconds, available: test.length },
        onImages: listener.onImages,
      },
    );
    if (index.images.length < samples.length)
      listener.onNote?.(
        `Saliency maps: ${index.images.length} of ${samples.length} images in ${seconds} s (explanations.seconds); \`eval explain\` computes more.`,
      );
  } catch (error) {
    if (signal?.aborted === true) return;
    listener.onEvent?.({
      type: 'warning',
      message: `The test images were not explained: ${(error as Error).message}`,
    });
  }
}

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
