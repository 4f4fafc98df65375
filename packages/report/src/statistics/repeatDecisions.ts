import type { FindingPredictions } from '@nonlocal-med/core';
import {
  applyCalibration,
  binarySamples,
  type DecisionReport,
  pointText,
  type TestedPoint,
} from '@nonlocal-med/metrics';
import type { FinishedRepeat } from './commonResults.js';

/** A finished repeat with operating points. */
export type DecidedRepeat = FinishedRepeat & { readonly decision: DecisionReport };

/** The operating point of a rule; null if no threshold was chosen by it. */
export const pointOf = ({ decision }: DecidedRepeat, text: string): TestedPoint | null =>
  decision.points.find(({ chosen }) => pointText(chosen) === text) ?? null;

/** The decisions of a repeat at a point, as predictions of one finding that are 0 or 1; none without that point. */
export function decisionsAt(repeat: DecidedRepeat, text: string): FindingPredictions[] {
  const point = pointOf(repeat, text);
  if (point === null) return [];
  const { decision, predictions } = repeat;
  const scored = decision.calibrated
    ? applyCalibration(predictions, decision.calibration)
    : predictions;
  const { ids, labels, scores, groups } = binarySamples(scored, point.chosen.positive);
  const probabilities = scores.map((score) => (score >= point.chosen.threshold ? 1 : 0));
  return [
    { findings: [text], ids, labels, probabilities, ...(groups === undefined ? {} : { groups }) },
  ];
}
