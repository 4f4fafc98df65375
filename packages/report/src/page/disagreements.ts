import { argmaxRows, type TaskPredictions } from '@nonlocal-med/core';
import { alignPredictions, type FindingsReport, labeledPredictions } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { sameImages } from '../statistics/sameImages.js';
import { type PageModel, type PageRun, resultsWith, type RunResults } from './pageModel.js';

/** A model and the model that it is compared with. */
export interface ComparedPair {
  readonly baseline: PageModel;
  readonly model: PageModel;
}

/** Pairs each model that has a baseline on the page with it. */
export function comparedPairs(models: readonly PageModel[]): ComparedPair[] {
  return models.flatMap((model) => {
    const baseline = models.find(({ key }) => key === model.baseline);
    return baseline === undefined ? [] : [{ baseline, model }];
  });
}

/** How often two models were right, over the repeats in which both were tested on the same images. */
export interface Disagreements {
  readonly repeats: number;
  /** Number of images that both models, or neither, classified correctly. */
  readonly bothRight: number;
  readonly bothWrong: number;
  /** Images that only the model got right, largest difference in the probability of the true class first. */
  readonly gained: readonly ComparedImage[];
  /** Images that only the baseline got right, in the same order. */
  readonly lost: readonly ComparedImage[];
}

/** An image of one repeat, or one finding of it, as the two models classified it. */
export interface ComparedImage {
  readonly repeat: number;
  readonly id: string;
  /** Index of the finding; absent for classes. */
  readonly finding?: number;
  /** Index of the true class; of a finding 1 present, 0 absent. */
  readonly label: number;
  readonly baseline: Classification;
  readonly model: Classification;
}

interface Classification {
  readonly predicted: number;
  readonly trueClassProbability: number;
}

/** Finds the test images that only one of two models classified correctly; with findings, each finding of an image. */
export function findDisagreements(
  { baseline, model }: ComparedPair,
  weights: WeightsChoice,
): Disagreements {
  const repeats = baseline.runs.flatMap((run): ComparedImage[][] => {
    const other = model.runs.find(({ repeat }) => repeat === run.repeat);
    const images = other === undefined ? null : compareImages(run, other, weights);
    return images === null ? [] : [images];
  });
  const images = repeats.flat();
  const select = (right: { model: boolean; baseline: boolean }): ComparedImage[] =>
    images
      .filter(
        (image) =>
          (image.model.predicted === image.label) === right.model &&
          (image.baseline.predicted === image.label) === right.baseline,
      )
      .sort((a, b) => probabilityGap(b) - probabilityGap(a));
  return {
    repeats: repeats.length,
    bothRight: select({ model: true, baseline: true }).length,
    bothWrong: select({ model: false, baseline: false }).length,
    gained: select({ model: true, baseline: false }),
    lost: select({ model: false, baseline: true }),
  };
}

function probabilityGap({ model, baseline }: ComparedImage): number {
  return Math.abs(model.trueClassProbability - baseline.trueClassProbability);
}

/** The test images of two runs, as both models classified them; null if the runs were tested on different images. */
function compareImages(
  baselineRun: PageRun,
  modelRun: PageRun,
  weights: WeightsChoice,
): ComparedImage[] | null {
  const runs = [baselineRun, modelRun].map((run) => resultsWith(run, weights));
  const all = runs.map(({ predictions }) => predictions);
  if (!sameImages(all[0], all[1])) return null;
  const aligned = alignPredictions(all.map(labeledPredictions));
  const [byBaseline, byModel] = aligned.map((predictions, i) =>
    classify(predictions, thresholdsOf(runs[i])),
  );
  return byBaseline.map(({ row, finding, label, ...baseline }, i) => ({
    repeat: baselineRun.repeat,
    id: aligned[0].ids[row],
    ...(finding === undefined ? {} : { finding }),
    label,
    baseline,
    model: {
      predicted: byModel[i].predicted,
      trueClassProbability: byModel[i].trueClassProbability,
    },
  }));
}

const thresholdsOf = ({ predictions, report }: RunResults): number[] =>
  'findings' in predictions
    ? (report as FindingsReport).perFinding.map(({ threshold }) => threshold)
    : [];

/** The decisions on images with a known truth: one per image, or one per image and finding. */
function classify(
  predictions: TaskPredictions,
  thresholds: readonly number[],
): (Classification & Pick<ComparedImage, 'finding' | 'label'> & { readonly row: number })[] {
  const { labels, probabilities } = predictions;
  if ('classes' in predictions) {
    const width = predictions.classes.length;
    return Array.from(argmaxRows(probabilities, width), (predicted, row) => ({
      row,
      label: labels[row],
      predicted,
      trueClassProbability: probabilities[row * width + labels[row]],
    }));
  }
  const width = predictions.findings.length;
  return Array.from(labels).flatMap((label, cell) => {
    if (label < 0) return [];
    const finding = cell % width;
    const probability = probabilities[cell];
    return [
      {
        row: Math.floor(cell / width),
        finding,
        label,
        predicted: probability >= thresholds[finding] ? 1 : 0,
        trueClassProbability: label === 1 ? probability : 1 - probability,
      },
    ];
  });
}
