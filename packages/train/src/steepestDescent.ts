import type { LearningRatePoint, LearningRateTest } from './findLearningRate.js';

/** Share of the moving average of losses that each step keeps, as in fastai and Lightning. */
export const SMOOTHING = 0.98;
/** Points at the end that are not used, nor the first tenth of all steps, as in fastai. */
const UNUSED_AT_END = 5;
/** Standard errors by which the lowest loss must be below the first ones: flat losses pass in 2 to 3 % of tests of 20 to 200 steps. */
const CLEAR_FALL = 2.5;
/** Falls below this fraction of the loss are ignored, which matters for losses without noise. */
const LEAST_FALL = 1e-3;

/**
 * Looks for the learning rate of the steepest descent of the smoothed loss between neighbors, before the lowest loss: where it
 * rises again it is noisy. There is none if the lowest loss is not clearly lower than that after the first tenth of the steps.
 * @param points at equal distances of the logarithm of the learning rate
 * @param steps number of steps of the whole test, of which it may have ended early
 */
export function steepestDescent(
  points: readonly LearningRatePoint[],
  steps: number,
): Pick<LearningRateTest, 'compared' | 'suggestion'> {
  const losses = points.map(({ smoothedLoss }) => smoothedLoss);
  const first = Math.floor(steps / 10);
  const used = losses.slice(first, -UNUSED_AT_END);
  if (used.length === 0) return { compared: null, suggestion: null };
  const lowest = first + used.indexOf(Math.min(...used));
  const compared = { first: points[first], lowest: points[lowest] };
  const fall = losses[first] - losses[lowest];
  const noise =
    CLEAR_FALL * Math.hypot(standardError(points, first), standardError(points, lowest));
  if (fall <= Math.max(noise, LEAST_FALL * losses[first])) return { compared, suggestion: null };
  const slope = (step: number): number => losses[step + 1] - losses[step];
  let steepest = first;
  for (let step = first + 1; step < lowest; step++)
    if (slope(step) < slope(steepest)) steepest = step;
  return { compared, suggestion: points[steepest].learningRate };
}

/** The standard error of the moving average at a step, if the losses of the steps before are independent. */
function standardError(points: readonly LearningRatePoint[], last: number): number {
  const { smoothedLoss } = points[last];
  const decays = points.slice(0, last + 1).map((_, step) => SMOOTHING ** (last - step));
  const total = decays.reduce((sum, decay) => sum + decay, 0);
  const weights = decays.map((decay) => decay / total);
  const squares = Math.hypot(
    ...weights.map((weight, i) => weight * (points[i].loss - smoothedLoss)),
  );
  // Distances from the average are too small by its share of each loss, as with n in place of n - 1.
  return squares / Math.sqrt(1 - weights.reduce((sum, weight) => sum + weight ** 2, 0));
}
