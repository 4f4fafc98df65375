import { InputError, type SaliencyMethod, type TaskPredictions } from '@nonlocal-med/core';
import {
  applyCalibration,
  decidePredictions,
  type Decision,
  type ImageDecision,
} from '@nonlocal-med/metrics';
import type { DecisionRecord } from '@nonlocal-med/runs/model';
import type { ExportedNetwork } from './exportedNetwork.js';
import { FINDING_THRESHOLD } from './maps/explainedClasses.js';
import type { UnlikeImage } from './unlike/unlikeCheck.js';

/** What a classifier gives for an image. */
export interface Classification {
  /** Classes or findings, in the order of all lists of numbers. */
  readonly labels: readonly string[];
  /** As the network gives them: of classes they sum to 1, of findings each is for itself. */
  readonly probabilities: readonly number[];
  /** After the calibration that was fitted on the validation set; null if the model has none. */
  readonly calibrated: readonly number[] | null;
  /** The probabilities that the training run chose to show and to decide on; `eval predict` prints these. */
  readonly shown: 'probabilities' | 'calibrated';
  /** The most probable class, or the findings with a shown probability of at least 0.5. */
  readonly predicted: readonly string[];
  /** What is decided at each operating point of the model; empty if it has none. */
  readonly decisions: readonly ImageDecision[];
  /** How unlike the training images it is; null if the model has no statistics of them. */
  readonly unlike: UnlikeImage | null;
  /** Saliency maps, if wanted: one per explained class or finding. */
  readonly maps: readonly ClassMap[];
}

/** What in an image speaks for a class or finding. */
export interface ClassMap {
  readonly label: string;
  readonly method: SaliencyMethod;
  readonly layer: string;
  /** From 0 to 1, [height, width] in row-major order: the size of the network's input, see `mapOnImage`. */
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** The probabilities of a result that are shown, and that thresholds are compared with. */
export const shownProbabilities = ({
  shown,
  ...result
}: Pick<Classification, 'shown' | 'probabilities' | 'calibrated'>): readonly number[] =>
  shown === 'calibrated' ? result.calibrated! : result.probabilities;

/**
 * Refuses the decision of another model, whose calibration and thresholds would be applied to the wrong classes.
 * @param path of the decision, for the error
 * @throws InputError if its classes or findings are not the labels of the model, in their order
 */
export function checkDecisionLabels(
  { classes }: Pick<DecisionRecord, 'classes'>,
  labels: readonly string[],
  path: string,
): void {
  if (classes.length === labels.length && classes.every((name, i) => name === labels[i])) return;
  throw new InputError({
    path,
    message: `is for the classes ${classes.join(', ')}, but the model has ${labels.join(', ')}`,
    hint: 'the files of one model',
  });
}

/** Calibrated probabilities and decisions for the output of a network. */
export function decideOutput(
  probabilities: readonly number[],
  { labels, task }: Pick<ExportedNetwork, 'labels' | 'task'>,
  decision: Decision | null,
): Pick<Classification, 'labels' | 'calibrated' | 'shown' | 'predicted' | 'decisions'> {
  const values = { ids: ['image'], probabilities: Float64Array.from(probabilities) };
  const predictions: TaskPredictions =
    task === 'multilabel'
      ? { findings: labels, labels: new Int32Array(labels.length).fill(-1), ...values }
      : { classes: labels, labels: Int32Array.of(-1), ...values };
  const calibrated =
    decision === null || decision.calibration.method === 'none'
      ? null
      : [...applyCalibration(predictions, decision.calibration).probabilities];
  const shown = decision?.calibrated === true ? 'calibrated' : 'probabilities';
  return {
    labels,
    calibrated,
    shown,
    predicted: predictedLabels(shown === 'calibrated' ? calibrated! : probabilities, {
      labels,
      task,
    }),
    decisions: decision === null ? [] : decidePredictions(predictions, decision).decisions[0],
  };
}

function predictedLabels(
  probabilities: readonly number[],
  { labels, task }: Pick<ExportedNetwork, 'labels' | 'task'>,
): string[] {
  if (task === 'multilabel')
    return labels.filter((_, finding) => probabilities[finding] >= FINDING_THRESHOLD);
  return [labels[probabilities.indexOf(Math.max(...probabilities))]];
}
