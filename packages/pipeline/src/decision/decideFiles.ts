import { type Predictions, throwIssues, unknownName } from '@nonlocal-med/core';
import {
  applyCalibration,
  type Decision,
  type OperatingGoal,
  pointsInUse,
  positiveScore,
} from '@nonlocal-med/metrics';
import type { PredictedFile, UnreadableFile } from '../inference/predictImages.js';

/** What is decided about an image at one operating point. */
export interface ImageDecision {
  /** The classes that were looked for, or the finding. */
  readonly positive: readonly string[];
  readonly goal: OperatingGoal;
  readonly threshold: number;
  /** The probability of the classes together. */
  readonly score: number;
  /** How far the score is above the threshold; below 0 for a negative decision. */
  readonly margin: number;
  readonly isPositive: boolean;
}

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
  const points = decision === null ? [] : pointsInUse(decision);
  throwIssues(
    [...new Set(points.flatMap(({ positive }) => positive))]
      .filter((name) => !classes.includes(name))
      .map((name) => unknownName({ path: 'decision.json', kind: 'class', name, known: classes })),
  );
  return files.map((file) => {
    if ('reason' in file) return file;
    const probabilities =
      decision?.calibrated === true ? calibrateOne(file, classes, decision) : file.probabilities;
    const decisions = points.map(({ positive, goal, threshold }): ImageDecision => {
      const columns = positive.map((name) => classes.indexOf(name));
      const score = positiveScore(probabilities, columns);
      const isPositive = score >= threshold;
      return { positive, goal, threshold, score, margin: score - threshold, isPositive };
    });
    return { ...file, given: file.probabilities, probabilities, decisions };
  });
}

function calibrateOne(
  { file, probabilities }: PredictedFile,
  classes: readonly string[],
  { calibration }: Decision,
): readonly number[] {
  const values = Float64Array.from(probabilities);
  const ids = [file];
  if (calibration.method === 'platt') {
    const labels = new Int32Array(classes.length).fill(-1);
    const found = { findings: classes, ids, labels, probabilities: values };
    return [...applyCalibration(found, calibration).probabilities];
  }
  const predictions: Predictions = {
    classes,
    ids,
    labels: Int32Array.of(-1),
    probabilities: values,
  };
  return [...applyCalibration(predictions, calibration).probabilities];
}
