import { type Issue, throwIssues, type TrainingEvent } from '@nonlocal-med/core';
import type { FitOptions } from './loop/fitOptions.js';
import { openTraining } from './loop/openTraining.js';
import { DivergedError, runTraining } from './loop/trainLoop.js';
import { SMOOTHING, steepestDescent } from './steepestDescent.js';
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
  /** Last learning rate, at most 100. Default 1. */
  readonly to?: number;
  /** Number of steps, from 20 to 10,000. Default 100. */
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
  /**
   * The first and the lowest smoothed loss that are compared, after the first tenth of the steps; null if the test ended before
   * any could be.
   */
  readonly compared: {
    readonly first: LearningRatePoint;
    readonly lowest: LearningRatePoint;
  } | null;
  /** The learning rate at which the smoothed loss falls fastest; null if it does not clearly fall. */
  readonly suggestion: number | null;
  /** Whether the test ended early, because the loss rose far above its lowest value or was no longer finite. */
  readonly diverged: boolean;
}

/** Multiple of the lowest smoothed loss at which the test ends, as in fastai and Lightning. */
const DIVERGENCE = 4;
const [FIRST_RATE, LAST_RATE, DEFAULT_STEPS] = [1e-7, 1, 100];
const [FEWEST_STEPS, MOST_STEPS] = [20, 10_000];

/**
 * Learning rate range test (Smith 2017): trains a few steps while the learning rate grows exponentially, and looks at which
 * rate the loss falls fastest. The model has the same weights afterwards as before.
 *
 * The suggestion is that of fastai's `steep`, the steepest descent of the smoothed loss over the logarithm of the learning
 * rate, but only up to the lowest loss, and only if that loss is clearly lower than the first ones. It is one noisy test:
 * rates within a factor of about 3 are equally good, and a larger batch, another optimizer or other augmentation needs
 * another test.
 * @throws InputError for options and parts that do not fit.
 * @throws DivergedError if the loss of the first step is not finite.
 *
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { findLearningRate } from '@nonlocal-med/train';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = sequential({
 *   layers: [layers.flatten({ inputShape: [2, 2, 3] }), layers.dense({ units: 2 })],
 * });
 * // Batches of one dark and one bright image.
 * const images = Float32Array.from({ length: 24 }, (_, i) => (i < 12 ? -1 : 1));
 * const { points, suggestion } = await findLearningRate({
 *   model,
 *   train: {
 *     classes: ['dark', 'bright'],
 *     sampleCount: 2,
 *     batchesPerEpoch: 1,
 *     async *epoch() {
 *       yield { images, shape: [2, 2, 2, 3], labels: Int32Array.of(0, 1), ids: ['a', 'b'] };
 *     },
 *   },
 *   steps: 60,
 * });
 * console.log(points.length, suggestion !== null && suggestion > 1e-5 && suggestion < 1); // 60 true
 * ```
 */
export async function findLearningRate({
  from = FIRST_RATE,
  to = LAST_RATE,
  steps = DEFAULT_STEPS,
  onEvent,
  ...options
}: FindLearningRateOptions): Promise<LearningRateTest> {
  throwIssues(learningRateIssues({ from, to, steps }));
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
    // Without an update the learning rate is not to blame.
    if (!(error instanceof DivergedError) || points.length === 0) throw error;
    diverged = true;
  } finally {
    await close();
    restoreWeights(model, before);
  }
  signal?.throwIfAborted();
  return { points, ...steepestDescent(points, steps), diverged };
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

/** Issues of the learning rates and the number of steps of a test. */
export function learningRateIssues({
  from = FIRST_RATE,
  to = LAST_RATE,
  steps = DEFAULT_STEPS,
}: Pick<FindLearningRateOptions, 'from' | 'to' | 'steps'>): Issue[] {
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
