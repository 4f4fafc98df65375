import { InputError, type Predictions, softmaxRows } from '@nonlocal-med/core';
import { labelIssues } from '../input/checkArguments.js';
import { checkPredictions } from '../input/checkPredictions.js';

/** A temperature fitted on validation predictions. */
export interface TemperatureScaling {
  /** Logits are divided by it: above 1 makes an overconfident model less certain. */
  readonly temperature: number;
  readonly samples: number;
  /** Mean cross-entropy in nats on the samples it was fitted on. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  /** Derivative of the loss by 1 / temperature where the fit ended. */
  readonly gradient: number;
}

/**
 * Temperature scaling (Guo et al. 2017): the temperature T with the smallest mean cross-entropy of softmax(logits / T), by
 * Newton's method on the convex loss in 1 / T, in 64-bit floating point. Equal to scikit-learn's
 * `CalibratedClassifierCV(method='temperature')`. Predicted classes and the order of a two-class score stay as they are.
 *
 * Refused, because the loss has no minimum: every sample predicted correctly (T would go to 0), and true classes whose
 * logits are on average not above the other ones (T would go to infinity). Refused as well: samples of a single class.
 * @param labels true class indices, [count]
 * @param logits [count, classes] in row-major order; log-probabilities are logits too, see {@link probabilityLogits}
 * @throws RangeError when the lengths do not match
 * @throws InputError when labels or logits cannot be used, or with the reason why there is no temperature
 * @example
 * ```ts
 * import { fitTemperature } from '@nonlocal-med/metrics';
 *
 * // Very sure of each class, and wrong in one of four cases.
 * const logits = [4, 0, 4, 0, 4, 0, 4, 0, 0, 4, 0, 4, 0, 4, 0, 4]; // [8, 2]
 * const { temperature } = fitTemperature([0, 0, 0, 1, 1, 1, 1, 0], logits);
 * console.log(temperature.toFixed(3), (4 / Math.log(3)).toFixed(3)); // 3.641 3.641
 * ```
 */
export function fitTemperature(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
): TemperatureScaling {
  const classes = logits.length / labels.length;
  checkLogits(labels, logits, classes);
  const samples = labels.length;
  const lossAt = (inverse: number): LossDerivatives =>
    meanLoss({ labels, logits, classes }, inverse);
  refuseUnbounded(labels, logits, lossAt(0).gradient);
  const inverse = findRoot(lossAt);
  const { loss: lossAfter, gradient } = lossAt(inverse);
  return { temperature: 1 / inverse, samples, lossBefore: lossAt(1).loss, lossAfter, gradient };
}

/**
 * Predictions at another temperature. Those without a known true class are scaled too.
 * @throws RangeError when the temperature is not above 0 or lengths do not match
 * @throws InputError when predictions cannot be used
 */
export function applyTemperature(predictions: Predictions, temperature: number): Predictions {
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new RangeError(`A temperature must be above 0, got ${temperature}.`);
  checkPredictions(predictions);
  const logits = probabilityLogits(predictions.probabilities).map((logit) => logit / temperature);
  return { ...predictions, probabilities: softmaxRows(logits, predictions.classes.length) };
}

/** The smallest positive float32: softmax and sigmoid in float32 round what is smaller to 0. */
export const SMALLEST_PROBABILITY = 2 ** -149;

/**
 * Logarithms of probabilities: the logits except for a constant per row, which a softmax does not see. A probability of 0
 * counts as 2^-149, the smallest positive float32.
 */
export function probabilityLogits(probabilities: ArrayLike<number>): Float64Array {
  return Float64Array.from(probabilities, (value) =>
    Math.log(Math.max(value, SMALLEST_PROBABILITY)),
  );
}

interface LossDerivatives {
  readonly loss: number;
  readonly gradient: number;
  readonly curvature: number;
}

/**
 * Mean of logsumexp(b z) - b z_label, with b = 1 / T, and its derivatives by b: the expected logit minus that of the true
 * class, and the variance of the logits, under softmax(b z).
 */
function meanLoss(
  {
    labels,
    logits,
    classes,
  }: {
    readonly labels: ArrayLike<number>;
    readonly logits: ArrayLike<number>;
    readonly classes: number;
  },
  inverse: number,
): LossDerivatives {
  const count = labels.length;
  let loss = 0;
  let gradient = 0;
  let curvature = 0;
  for (let i = 0; i < count; i++) {
    const largest = rowMaximum(logits, i, classes);
    let sum = 0;
    let first = 0;
    let second = 0;
    for (let c = 0; c < classes; c++) {
      const below = logits[i * classes + c] - largest;
      const power = Math.exp(inverse * below);
      sum += power;
      first += power * below;
      second += power * below * below;
    }
    const truth = logits[i * classes + labels[i]] - largest;
    loss += Math.log(sum) - inverse * truth;
    gradient += first / sum - truth;
    curvature += second / sum - (first / sum) ** 2;
  }
  return { loss: loss / count, gradient: gradient / count, curvature: curvature / count };
}

/** Where the gradient, which grows with 1 / T and is negative at 0, is zero: Newton steps, bisection where they leave it. */
function findRoot(lossAt: (inverse: number) => LossDerivatives): number {
  let low = 0;
  let high = Infinity;
  let inverse = 1;
  for (let step = 0; step < 500; step++) {
    const { gradient, curvature } = lossAt(inverse);
    if (gradient === 0) return inverse;
    if (gradient < 0) low = inverse;
    else high = inverse;
    const newton = inverse - gradient / curvature;
    const fallback = high === Infinity ? 2 * inverse : low + (high - low) / 2;
    const isInside = newton > low && newton < high && newton < 8 * inverse;
    const next = isInside ? newton : fallback;
    if (Math.abs(next - inverse) <= 4 * Number.EPSILON * inverse) return next;
    inverse = next;
  }
  return inverse;
}

function rowMaximum(logits: ArrayLike<number>, row: number, classes: number): number {
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[row * classes + c]);
  return largest;
}

/** @throws InputError with the reason when no temperature has the smallest loss */
function refuseUnbounded(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  gradientAtZero: number,
): void {
  const classes = logits.length / labels.length;
  const isRight = (label: number, row: number): boolean =>
    logits[row * classes + label] === rowMaximum(logits, row, classes);
  const refuse = (message: string, hint: string): never => {
    throw new InputError({ path: 'temperature', message, hint });
  };
  if (Array.from(labels).every((label) => label === labels[0]))
    refuse(
      `all ${labels.length} samples are of class ${labels[0]}`,
      'samples of two or more classes; use a larger validation set',
    );
  if (Array.from(labels).every(isRight))
    refuse(
      `all ${labels.length} samples are predicted correctly, so the loss falls with the temperature down to 0`,
      'use a larger validation set, or leave the probabilities as they are',
    );
  if (!(gradientAtZero < 0))
    refuse(
      'the logits of the true classes are on average not above the others, so no temperature is better than equal probabilities',
      'check the labels and the order of the classes, or train the model further',
    );
}

function checkLogits(labels: ArrayLike<number>, logits: ArrayLike<number>, classes: number): void {
  if (!Number.isInteger(classes) || classes < 2)
    throw new RangeError(
      `Logits must be [samples, classes] with at least two classes; got ${logits.length} numbers for ${labels.length} samples.`,
    );
  const issues = labelIssues(labels, classes);
  for (let i = 0; i < logits.length; i++)
    if (!Number.isFinite(logits[i]))
      issues.push({
        path: `logits[${Math.floor(i / classes)}]`,
        message: `${logits[i]} for class ${i % classes} is not a logit`,
        hint: 'finite numbers',
      });
  if (issues.length > 0) throw new InputError(issues);
}
