import { type FindingPredictions, InputError } from '@nonlocal-med/core';
import { requireBothClasses } from '../decision/binarySamples.js';
import { checkFindingPredictions } from '../findings/findingSamples.js';
import { meanAndStandardDeviation } from '../hypothesis/meanAndStandardDeviation.js';
import { checkBinary } from '../input/checkArguments.js';
import { SMALLEST_PROBABILITY } from './temperatureScaling.js';

/** A sigmoid fitted on validation scores: probability = 1 / (1 + exp(-(slope score + intercept))). */
export interface PlattScaling {
  /** 1 with an intercept of 0 leaves logits as they are; below 0 when larger scores mean absent. */
  readonly slope: number;
  readonly intercept: number;
  readonly samples: number;
  readonly positives: number;
  /** Mean cross-entropy in nats, with the targets of the fit, on the samples it was fitted on. */
  readonly loss: number;
  /** The larger of the loss's two derivatives where the fit ended, in absolute value. */
  readonly gradient: number;
}

/** Slope and intercept of a sigmoid. */
export type Sigmoid = Pick<PlattScaling, 'slope' | 'intercept'>;

/**
 * Platt scaling of one finding, by Newton's method in 64-bit floating point. With `smoothing` (default) the targets are
 * Platt's (P + 1) / (P + 2) and 1 / (N + 2) for P positives and N negatives, which keeps the sigmoid from claiming more
 * than so few samples can show: scikit-learn's `CalibratedClassifierCV(method='sigmoid')`. Without it they are 1 and 0:
 * `LogisticRegression(C=inf)`. A multiclass model is calibrated with {@link fitTemperature} instead.
 *
 * Refused: a single class; scores that separate the classes, where the steepness would come from nothing but the smoothing
 * (and be infinite without it); scores that are all equal.
 * @param labels 0 or 1, [count]
 * @param scores logits, not probabilities, [count]; see {@link probabilityLogit}
 * @throws RangeError when lengths differ
 * @throws InputError when labels or scores cannot be used, or with the reason why there is no fit
 * @example
 * ```ts
 * import { applyPlatt, fitPlatt } from '@nonlocal-med/metrics';
 *
 * const logits = [-2, -1, -1, 0, 0, 1, 1, 2];
 * const sigmoid = fitPlatt([0, 0, 1, 0, 1, 0, 1, 1], logits, { smoothing: false });
 * console.log(sigmoid.slope.toFixed(3), applyPlatt([0], sigmoid)[0].toFixed(3)); // 0.756 0.500
 * ```
 */
export function fitPlatt(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  { smoothing = true }: { readonly smoothing?: boolean } = {},
): PlattScaling {
  checkBinary(labels, scores);
  requireBothClasses(labels, 'a sigmoid');
  refuseSeparated(labels, scores);
  const samples = labels.length;
  const positives = Array.from(labels).filter((label) => label === 1).length;
  const targets = Float64Array.from(labels, (label) => {
    if (!smoothing) return label;
    return label === 1 ? (positives + 1) / (positives + 2) : 1 / (samples - positives + 2);
  });
  // Standardized scores, so that their location and scale cost no accuracy.
  const { mean, standardDeviation } = meanAndStandardDeviation(scores);
  const center = mean ?? 0;
  const scale = standardDeviation ?? 1;
  const standardized = Float64Array.from(scores, (score) => (score - center) / scale);
  const fitted = newton(standardized, targets, {
    slope: 0,
    intercept: Math.log((positives + 1) / (samples - positives + 1)),
  });
  const slope = fitted.slope / scale;
  const sigmoid = { slope, intercept: fitted.intercept - slope * center };
  const { loss, bySlope, byIntercept } = sigmoidLoss(scores, targets, sigmoid);
  const gradient = Math.max(Math.abs(bySlope), Math.abs(byIntercept));
  return { ...sigmoid, samples, positives, loss, gradient };
}

/** Probabilities of logits after Platt scaling, [count]. */
export function applyPlatt(scores: ArrayLike<number>, { slope, intercept }: Sigmoid): Float64Array {
  return Float64Array.from(scores, (score) => 1 / (1 + Math.exp(-(slope * score + intercept))));
}

/**
 * Predictions of several findings with each one's own sigmoid.
 * @param sigmoids one per finding; null leaves a finding as it is
 * @throws RangeError when there is not one entry per finding
 * @throws InputError when predictions cannot be used
 */
export function calibrateFindings(
  predictions: FindingPredictions,
  sigmoids: readonly (Sigmoid | null)[],
): FindingPredictions {
  checkFindingPredictions(predictions);
  const { findings, probabilities } = predictions;
  if (sigmoids.length !== findings.length)
    throw new RangeError(
      `sigmoids has ${sigmoids.length} entries, expected ${findings.length}: one per finding.`,
    );
  return {
    ...predictions,
    probabilities: probabilities.map((probability, i) => {
      const sigmoid = sigmoids[i % findings.length];
      return sigmoid === null
        ? probability
        : applyPlatt([probabilityLogit(probability)], sigmoid)[0];
    }),
  };
}

/** log(p / (1 - p)); 0 counts as 2^-149, the smallest positive float32, and 1 as 1 - 2^-53, the number below it. */
export function probabilityLogit(probability: number): number {
  const inside = Math.min(Math.max(probability, SMALLEST_PROBABILITY), 1 - 2 ** -53);
  return Math.log(inside) - Math.log1p(-inside);
}

interface SigmoidLoss {
  readonly loss: number;
  readonly bySlope: number;
  readonly byIntercept: number;
  /** Second derivatives: by slope twice, by slope and intercept, by intercept twice. */
  readonly curvature: readonly [number, number, number];
}

/** Mean of log(1 + exp(f)) - target f with f = slope score + intercept, and its derivatives. */
function sigmoidLoss(
  scores: ArrayLike<number>,
  targets: Float64Array,
  { slope, intercept }: Sigmoid,
): SigmoidLoss {
  const count = targets.length;
  const sums = new Float64Array(6);
  for (let i = 0; i < count; i++) {
    const score = scores[i];
    const f = slope * score + intercept;
    const p = 1 / (1 + Math.exp(-f));
    const weight = p * (1 - p);
    sums[0] += Math.max(f, 0) + Math.log1p(Math.exp(-Math.abs(f))) - targets[i] * f;
    sums[1] += (p - targets[i]) * score;
    sums[2] += p - targets[i];
    sums[3] += weight * score * score;
    sums[4] += weight * score;
    sums[5] += weight;
  }
  const [loss, bySlope, byIntercept, ...curvature] = sums.map((sum) => sum / count);
  return { loss, bySlope, byIntercept, curvature: curvature as [number, number, number] };
}

/** Newton steps, halved while they do not lower the loss, until none does. */
function newton(scores: ArrayLike<number>, targets: Float64Array, start: Sigmoid): Sigmoid {
  let sigmoid = start;
  let current = sigmoidLoss(scores, targets, sigmoid);
  for (let step = 0; step < 200; step++) {
    const [aa, ab, bb] = current.curvature;
    const determinant = aa * bb - ab * ab;
    if (!(determinant > 0)) break;
    const slopeStep = (bb * current.bySlope - ab * current.byIntercept) / determinant;
    const interceptStep = (aa * current.byIntercept - ab * current.bySlope) / determinant;
    const moved = (share: number): Sigmoid => ({
      slope: sigmoid.slope - share * slopeStep,
      intercept: sigmoid.intercept - share * interceptStep,
    });
    let share = 1;
    // Near the minimum a step changes the loss by less than its rounding.
    const most = current.loss + 1e-14 * (1 + current.loss);
    while (share > 1e-10 && !(sigmoidLoss(scores, targets, moved(share)).loss <= most)) share /= 2;
    const next = moved(share);
    const isDone =
      Math.abs(next.slope - sigmoid.slope) <= 1e-15 * Math.abs(next.slope) &&
      Math.abs(next.intercept - sigmoid.intercept) <= 1e-15 * (1 + Math.abs(next.intercept));
    sigmoid = next;
    current = sigmoidLoss(scores, targets, sigmoid);
    if (isDone) break;
  }
  return sigmoid;
}

/** @throws InputError when scores are infinite or equal, or a threshold separates the classes */
function refuseSeparated(labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  const of = (truth: number): number[] => Array.from(scores).filter((_, i) => labels[i] === truth);
  const [negative, positive] = [0, 1].map((truth) => {
    const chosen = of(truth);
    return {
      lowest: chosen.reduce((a, b) => Math.min(a, b)),
      highest: chosen.reduce((a, b) => Math.max(a, b)),
    };
  });
  const lowest = Math.min(negative.lowest, positive.lowest);
  const highest = Math.max(negative.highest, positive.highest);
  const refuse = (message: string, hint: string): never => {
    throw new InputError({ path: 'sigmoid', message, hint });
  };
  if (!Number.isFinite(lowest) || !Number.isFinite(highest))
    refuse('a score is infinite', 'finite logits; see `probabilityLogit`');
  if (lowest === highest)
    refuse(`all ${labels.length} scores are ${lowest}`, 'scores that differ; check the model');
  if (negative.highest <= positive.lowest || positive.highest <= negative.lowest)
    refuse(
      `a threshold separates the positive from the negative samples (${labels.length} in all), so they do not show how steep the sigmoid is`,
      'use a larger validation set, or leave the probabilities as they are',
    );
}
