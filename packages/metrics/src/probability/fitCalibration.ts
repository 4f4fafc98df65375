import { type FindingPredictions, InputError, type Predictions } from '@nonlocal-med/core';
import { binarySamples } from '../decision/binarySamples.js';
import { labeledPredictions } from '../input/alignPredictions.js';
import {
  calibrateFindings,
  fitPlatt,
  type PlattScaling,
  probabilityLogit,
} from './plattScaling.js';
import {
  applyTemperature,
  fitTemperature,
  probabilityLogits,
  type TemperatureScaling,
} from './temperatureScaling.js';

/** How probabilities are calibrated, as fitted on validation predictions; plain JSON. */
export type FittedCalibration =
  /** One temperature for all classes. */
  | ({ readonly method: 'temperature' } & TemperatureScaling)
  /** One sigmoid per finding, in the order of the findings. */
  | { readonly method: 'platt'; readonly findings: readonly FindingSigmoid[] }
  /** None could be fitted. */
  | { readonly method: 'none'; readonly because: string };

/** The sigmoid of a finding, or why there is none. */
export interface FindingSigmoid {
  readonly finding: string;
  readonly sigmoid: PlattScaling | null;
  readonly noneBecause?: string;
}

/**
 * Fits a calibration on validation predictions: a temperature for classes, Platt's sigmoid for each finding. Samples
 * without a known label are left out. What cannot be fitted is reported with the reason, not thrown.
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError when the predictions themselves cannot be used
 */
export function fitCalibration(validation: Predictions | FindingPredictions): FittedCalibration {
  if (!('findings' in validation)) {
    const { labels, probabilities } = labeledPredictions(validation);
    if (labels.length === 0) return { method: 'none', because: 'there are no labeled samples' };
    return orReason(
      () =>
        ({
          method: 'temperature',
          ...fitTemperature(labels, probabilityLogits(probabilities)),
        }) as const,
      (because) => ({ method: 'none', because }) as const,
    );
  }
  const findings = validation.findings.map((finding): FindingSigmoid => {
    const { labels, scores } = binarySamples(validation, finding);
    return orReason(
      () => ({ finding, sigmoid: fitPlatt(labels, scores.map(probabilityLogit)) }),
      (noneBecause) => ({ finding, sigmoid: null, noneBecause }),
    );
  });
  return findings.every(({ sigmoid }) => sigmoid === null)
    ? { method: 'none', because: findings[0].noneBecause! }
    : { method: 'platt', findings };
}

/**
 * Predictions after a calibration that was fitted on other samples; unchanged where none could be fitted.
 * @throws RangeError when the calibration is for other findings, or for findings instead of classes
 */
export function applyCalibration<T extends Predictions | FindingPredictions>(
  predictions: T,
  calibration: FittedCalibration,
): T {
  if (calibration.method === 'none') return predictions;
  if ('findings' in predictions) {
    const names = calibration.method === 'platt' ? calibration.findings : [];
    if (names.map(({ finding }) => finding).join() !== predictions.findings.join())
      throw new RangeError('The calibration was not fitted for these findings.');
    return calibrateFindings(
      predictions,
      names.map(({ sigmoid }) => sigmoid),
    ) as T;
  }
  if (calibration.method !== 'temperature')
    throw new RangeError('The calibration was fitted for findings, not for classes.');
  return applyTemperature(predictions, calibration.temperature) as T;
}

/** The result, or what the reason of an InputError gives. */
function orReason<A, B>(fit: () => A, refused: (because: string) => B): A | B {
  try {
    return fit();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return refused(error.issues.map(({ message }) => message).join('; '));
  }
}
