import { type Issue, throwIssues, type TrainingEvent } from '@nonlocal-med/core';
import type { FitOptions } from './loop/fitOptions.js';
import { openTraining } from './loop/openTraining.js';
import { DivergedError, runTraining } from './loop/trainLoop.js';
import { restoreWeights, snapshotWeights } from './weights.js';

/** Options of {@link findLearningRate}: what is trained, as for `fit`, and the learning rates. */
export interface FindLearningRateOptions extends Omit<
  FitOptions,
  | 'learningRate'
  | 'schedule'
  | 'epochs'
  | 'headEpochs'
  | 'ema'
  | 'validation'
  | 'evaluate'
  | 'selection'
  | 'earlyStopping'
  | 'run'
  | 'resume'
  | 'cluster'
> {
  /** First learning rate. Default 1e-7. */
  readonly from?: number;
  /** Last learning rate. Default 1. */
  readonly to?: number;
  /** Number of steps, at least 20. Default 100. */
  readonly steps?: number;
  /** Called with the events of the training. */
  onEvent?(this: void, event: TrainingEvent): void;
}

/** A step of a learning rate test. */
export interface LearningRatePoint {
  readonly learningRate: number;
  /** Loss of the step's batches, before its update. */
  readonly loss: number;
  /** Moving average of the losses so far. */
  readonly smoothedLoss: number;
}

/** What a learning rate test found. */
export interface LearningRateTest {
  readonly points: readonly LearningRatePoint[];
  /** The learning rate at which the smoothed loss falls fastest; null if it does not clearly fall. */
  readonly suggestion: number | null;
  /** Whether the test ended early, because the loss rose far above its lowest value or was no longer finite. */
  readonly diverged: boolean;
}

/** Share of the moving average that each step keeps, as in fastai and Lightning. */
const SMOOTHING = 0.98;
/** Multiple of the lowest smoothed loss at which the test ends, as in fastai and Lightning. */
const DIVERGENCE = 4;
/** Points at the end that are not used, nor the first tenth of all steps, as in fastai. */
const UNUSED_AT_END = 5;
/** Standard errors by which the lowest loss must be below the first ones: where no loss falls, 5 % of tests have more. */
const CLEAR_FALL = 2.5;
/** Fraction of the loss that is no fall, for losses without noise. */
const LEAST_FALL = 1e-3;
const [FEWEST_STEPS, MOST_STEPS] = [20, 10_000];

/**
 * Learning rate range test (Smith 2017): trains a few steps while the learning rate grows exponentially, and looks at which
 * rate the loss falls fastest. The model has the same weights afterwards as before.
 *
 * The suggestion is that of fastai's `steep`, the steepest descent of the smoothed loss over the logarithm of the learning
 * rate, but only up to the lowest loss, and only if that loss is clearly lower than the first ones. It is one noisy test: rates within a factor of about 3 are equally good, and a larger batch, another optimizer or
 * other augmentation needs another test.
 * @throws InputError for options and parts that do not fit.
 *
 * @example
 * ```ts
 * import { createRandom, type BatchSource } from '@nonlocal-med/core';
 * import { useEngine } from '@nonlocal-med/engine';
 * import { findLearningRate } from '@nonlocal-med/train';
 * import * as tfl from '@tensorflow/tfjs-layers';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = tfl.sequential({
 *   layers: [tfl.layers.flatten({ inputShape: [4, 4, 3] }), tfl.layers.dense({ units: 2 })],
 * });
 * const labels = Int32Array.from([0, 1, 0, 1]);
 * const train: BatchSource = {
 *   classes: ['dark', 'bright'],
 *   sampleCount: 4,
 *   batchesPerEpoch: 1,
 *   async *epoch(index) {
 *     const random = createRandom(index);
 *     const images = Float32Array.from({ length: 4 * 48 }, (_, i) => labels[Math.floor(i / 48)] + random.normal(0, 1));
 *     yield { images, shape: [4, 4, 4, 3], labels, ids: ['a', 'b', 'c', 'd'] };
 *   },
 * };
 * const { points, suggestion } = await findLearningRate({ model, train, steps: 60 });
 * console.log(points.length <= 60, suggestion! > 1e-5, suggestion! < 1); // true true true
 * ```
 */
export async function findLearningRate({
  from = 1e-7,
  to = 1,
  steps = 100,
  onEvent,
  ...options
}: FindLearningRateOptions): Promise<LearningRateTest> {
  throwIssues(rangeIssues({ from, to, steps }));
  const { model, signal } = options;
  const before = await snapshotWeights(model);
  const { training, close } = await openTraining({ ...options, epochs: steps }); // more than it takes
  const learningRateOf = ({ step }: { readonly step: number }): number =>
    from * (to / from) ** (step / (steps - 1));
  const average = createLossAverage();
  const points: LearningRatePoint[] = [];
  let diverged = false;
  try {
    for await (const event of runTraining({ ...training, learningRateOf })) {
      onEvent?.(event);
      if (event.type !== 'step') continue;
      const { learningRate, loss } = event;
      const smoothedLoss = average.add(loss);
      points.push({ learningRate, loss, smoothedLoss });
      diverged = points.length > 1 && smoothedLoss > DIVERGENCE * average.lowest();
      if (diverged || points.length === steps) break;
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    diverged = true;
  } finally {
    await close();
    restoreWeights(model, before);
  }
  signal?.throwIfAborted();
  return { points, suggestion: steepestDescent(points, steps), diverged };
}

/** Moving average of losses, with the bias of its first values removed as in Adam. */
function createLossAverage(): { add(loss: number): number; lowest(): number } {
  let sum = 0;
  let count = 0;
  let lowest = Infinity;
  return {
    add(loss) {
      sum = SMOOTHING * sum + (1 - SMOOTHING) * loss;
      const average = sum / (1 - SMOOTHING ** ++count);
      lowest = Math.min(lowest, average);
      return average;
    },
    lowest: () => lowest,
  };
}

/**
 * The learning rate of the steepest descent between neighbors, before the lowest loss: where it rises again it is noisy. Null
 * if the lowest loss is not clearly lower than that of the first tenth of the steps.
 */
function steepestDescent(points: readonly LearningRatePoint[], steps: number): number | null {
  const losses = points.map(({ smoothedLoss }) => smoothedLoss);
  const first = Math.floor(steps / 10);
  const used = losses.slice(first, -UNUSED_AT_END);
  const lowest = first + used.indexOf(Math.min(...used));
  const fall = losses[first] - losses[lowest];
  const noise = CLEAR_FALL * Math.hypot(...[first, lowest].map(standardError(points)));
  if (used.length === 0 || fall <= Math.max(noise, LEAST_FALL * losses[first])) return null;
  // Learning rates are equally spaced in their logarithm.
  const slope = (step: number): number => losses[step + 1] - losses[step];
  let steepest = first;
  for (let step = first + 1; step < lowest; step++)
    if (slope(step) < slope(steepest)) steepest = step;
  return points[steepest].learningRate;
}

/** The standard error of the moving average at a step, if the losses differ from it independently. */
function standardError(points: readonly LearningRatePoint[]): (step: number) => number {
  return (step) => {
    const used = points.slice(0, step + 1);
    const weights = used.map((_, index) => SMOOTHING ** (step - index));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return Math.hypot(
      ...used.map(({ loss, smoothedLoss }, i) => (weights[i] / total) * (loss - smoothedLoss)),
    );
  };
}

function rangeIssues({
  from,
  to,
  steps,
}: Required<Pick<FindLearningRateOptions, 'from' | 'to' | 'steps'>>): Issue[] {
  const issues: Issue[] = [];
  if (!(from > 0 && from < to && to <= 100))
    issues.push({
      path: 'from',
      message: `got learning rates from ${from} to ${to}`,
      hint: 'a first one above 0, and a higher last one of at most 100',
    });
  if (!Number.isInteger(steps) || steps < FEWEST_STEPS || steps > MOST_STEPS)
    issues.push({
      path: 'steps',
      message: `got ${steps}`,
      hint: `an integer from ${FEWEST_STEPS} to ${MOST_STEPS}`,
    });
  return issues;
}
