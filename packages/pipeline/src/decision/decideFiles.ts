import type { TaskPredictions } from '@nonlocal-med/core';
import { decidePredictions, type Decision, type ImageDecision } from '@nonlocal-med/metrics';
import type { PredictedFile, UnreadableFile } from '../inference/predictImages.js';

/** A predicted image with what is decided about it; without operating points of the model, nothing is. */
export interface DecidedFile extends PredictedFile {
  /** Probabilities as the model gives them, before calibration. */
  readonly given: readonly number[];
  readonly decisions: readonly ImageDecision[];
}

/**
 * Decides about predicted images at the operating points of a model. With a calibrated decision, their probabilities are
 * calibrated, too.
 * @param classes of the model
 * @param decision of the model; null if it has none
 * @throws InputError if the decision is about a class that the model does not have
 */
export function decideFiles(
  files: readonly (PredictedFile | UnreadableFile)[],
  classes: readonly string[],
  decision: Decision | null,
): (DecidedFile | UnreadableFile)[] {
  return files.map((file) => {
    if ('reason' in file) return file;
    const { probabilities: given } = file;
    if (decision === null) return { ...file, given, decisions: [] };
    const decided = decidePredictions(unlabeled(file, classes, decision), decision);
    const [decisions] = decided.decisions;
    return { ...file, given, probabilities: [...decided.predictions.probabilities], decisions };
  });
}

/** The prediction of one image, of the task that the calibration is made for. */
function unlabeled(
  { file, probabilities }: PredictedFile,
  classes: readonly string[],
  { calibration }: Decision,
): TaskPredictions {
  const values = { ids: [file], probabilities: Float64Array.from(probabilities) };
  return calibration.method === 'platt'
    ? { findings: classes, labels: new Int32Array(classes.length).fill(-1), ...values }
    : { classes, labels: Int32Array.of(-1), ...values };
}
