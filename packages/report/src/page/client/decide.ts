import type { PredictedRun, PredictionsData, StoredPoint } from './predictionsData.js';

/** An image with a known truth, and its score at an operating point. */
interface ScoredImage {
  /** Index in its test set. */
  readonly image: number;
  readonly isPositive: boolean;
  /** Index of the true class; of findings 1 with and 0 without it. */
  readonly truth: number;
  /** Larger means more likely positive. */
  readonly score: number;
}

/** The images of a row of a decision's table. */
export interface DecisionRow {
  readonly name: string;
  readonly isPositive: boolean;
  readonly called: readonly ScoredImage[];
  readonly notCalled: readonly ScoredImage[];
}

/** A rate as a fraction of images. */
interface Rate {
  readonly name: string;
  readonly count: number;
  readonly total: number;
}

/** The scores of all images with a known truth: the sum of the probabilities of the positive classes, or that of the finding. */
export function scoredImages(
  { classes, ofFindings, sets }: PredictionsData,
  { set, probabilities, calibrated = probabilities }: PredictedRun,
  { positive }: StoredPoint,
): ScoredImage[] {
  const { ids, labels } = sets[set];
  const width = classes.length;
  const columns = [...positive].sort((a, b) => a - b);
  return ids.flatMap((_, image) => {
    const truth = ofFindings ? labels[image * width + columns[0]] : labels[image];
    if (truth < 0) return [];
    const sum = columns.reduce((total, column) => total + calibrated[image * width + column], 0);
    const isPositive = ofFindings ? truth === 1 : columns.includes(truth);
    return [{ image, truth, isPositive, score: Math.min(sum, 1) }];
  });
}

/**
 * Thresholds that a reader can choose from, in ascending order: between every two neighboring scores, so that each decides
 * differently, from all images called positive to none; and the stored one, with its place.
 */
export function thresholdSteps(
  images: readonly ScoredImage[],
  stored: number,
): { readonly thresholds: readonly number[]; readonly storedStep: number } {
  const scores = [...new Set(images.map(({ score }) => score))].sort((a, b) => a - b);
  const between = scores.slice(1).map((score, i) => (scores[i] + score) / 2);
  const above = 1 + Number.EPSILON;
  const thresholds = [...new Set([0, ...between, stored, above])].sort((a, b) => a - b);
  return { thresholds, storedStep: thresholds.indexOf(stored) };
}

/** Who is called positive at a threshold: a row per true class, positive ones first; with and without a finding. */
export function decide(
  { classes, ofFindings }: PredictionsData,
  images: readonly ScoredImage[],
  { positive, threshold }: StoredPoint,
): DecisionRow[] {
  const names = classes.map((name, truth) => ({
    name,
    truth,
    isPositive: positive.includes(truth),
  }));
  const finding = classes[positive[0]];
  const rows = ofFindings
    ? [
        { name: `with ${finding}`, truth: 1, isPositive: true },
        { name: `without ${finding}`, truth: 0, isPositive: false },
      ]
    : [...names.filter((row) => row.isPositive), ...names.filter((row) => !row.isPositive)];
  return rows.map(({ name, truth, isPositive }) => {
    const members = images.filter((image) => image.truth === truth);
    return {
      name,
      isPositive,
      called: members.filter(({ score }) => score >= threshold),
      notCalled: members.filter(({ score }) => score < threshold),
    };
  });
}

/** Sensitivity, specificity, predictive values and accuracy of a decision. */
export function decisionRates(rows: readonly DecisionRow[]): Rate[] {
  const sum = (isPositive: boolean, key: 'called' | 'notCalled'): number =>
    rows.reduce((total, row) => total + (row.isPositive === isPositive ? row[key].length : 0), 0);
  const [found, missed] = [sum(true, 'called'), sum(true, 'notCalled')];
  const [falseAlarms, cleared] = [sum(false, 'called'), sum(false, 'notCalled')];
  const all = found + missed + falseAlarms + cleared;
  return [
    { name: 'Sensitivity', count: found, total: found + missed },
    { name: 'Specificity', count: cleared, total: falseAlarms + cleared },
    { name: 'PPV', count: found, total: found + falseAlarms },
    { name: 'NPV', count: cleared, total: missed + cleared },
    { name: 'Accuracy', count: found + cleared, total: all },
  ];
}

/** `90.0 %`, or a dash. */
export const ratePercent = ({ count, total }: Rate): string =>
  total === 0 ? '–' : `${((100 * count) / total).toFixed(1)}\u00a0%`;

/** A threshold with the digits that tell it from its neighbors. */
export const thresholdDigits = (threshold: number): string =>
  threshold >= 1 ? 'above all' : String(Number(threshold.toPrecision(3)));
