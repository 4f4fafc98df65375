import { argmaxRows, type Predictions } from '@nonlocal-med/core';
import { alignPredictions, labeledPredictions } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import type { ComparedPair } from './comparedPairs.js';
import { weightsOf } from './weightsOf.js';

/** What one model said of an image. */
export interface Opinion {
  readonly predicted: number;
  readonly confidence: number;
  /** Probability of the true class. */
  readonly ofTruth: number;
}

/** An image that one model gets right and the other wrong. */
export interface Disagreement {
  readonly repeat: number;
  readonly id: string;
  readonly label: number;
  readonly baseline: Opinion;
  readonly model: Opinion;
}

/** How often each of two models was right, over the repeats that both have on the same images, and where only one was. */
export interface Disagreements {
  readonly repeats: number;
  readonly both: number;
  readonly neither: number;
  /** Images that only the model got right, and only its baseline, by how far apart they are on the true class. */
  readonly gained: readonly Disagreement[];
  readonly lost: readonly Disagreement[];
}

/** Goes through the test images of a pair of models repeat by repeat; repeats on other images are left out. */
export function disagreements(
  { baseline, model }: ComparedPair,
  weights: WeightsChoice,
): Disagreements {
  const all = baseline.runs.flatMap((run) => {
    const other = model.runs.find(({ repeat }) => repeat === run.repeat);
    const pair =
      other === undefined
        ? null
        : aligned(weightsOf(run, weights).predictions, weightsOf(other, weights).predictions);
    return pair === null ? [] : [opinions(run.repeat, pair)];
  });
  const images = all.flat();
  const right = ({ label }: Disagreement, { predicted }: Opinion): boolean => predicted === label;
  const apart = (image: Disagreement): number =>
    Math.abs(image.model.ofTruth - image.baseline.ofTruth);
  const only = (first: 'model' | 'baseline', second: 'model' | 'baseline'): Disagreement[] =>
    images
      .filter((image) => right(image, image[first]) && !right(image, image[second]))
      .sort((a, b) => apart(b) - apart(a));
  return {
    repeats: all.length,
    both: images.filter((image) => right(image, image.model) && right(image, image.baseline))
      .length,
    neither: images.filter((image) => !right(image, image.model) && !right(image, image.baseline))
      .length,
    gained: only('model', 'baseline'),
    lost: only('baseline', 'model'),
  };
}

/** Null where the two were tested on other images. */
function aligned(baseline: Predictions, model: Predictions): readonly Predictions[] | null {
  const ids = new Set(baseline.ids);
  if (baseline.ids.length !== model.ids.length || !model.ids.every((id) => ids.has(id)))
    return null;
  return alignPredictions([labeledPredictions(baseline), labeledPredictions(model)]);
}

function opinions(repeat: number, [baseline, model]: readonly Predictions[]): Disagreement[] {
  const read = ({ probabilities, classes, labels }: Predictions): Opinion[] =>
    Array.from(argmaxRows(probabilities, classes.length), (predicted, i) => ({
      predicted,
      confidence: probabilities[i * classes.length + predicted],
      ofTruth: probabilities[i * classes.length + labels[i]],
    }));
  const [first, second] = [read(baseline), read(model)];
  return baseline.ids.map((id, i) => ({
    repeat,
    id,
    label: baseline.labels[i],
    baseline: first[i],
    model: second[i],
  }));
}
