import type { Predictions } from '@nonlocal-med/core';
import type { LoaderSample } from '@nonlocal-med/data';
import { evaluatePredictions, type EvaluationReport } from '@nonlocal-med/metrics';

/**
 * The metrics of a run's test side. Where samples have groups (patients), intervals come from resamples of whole groups:
 * two eyes of a patient say less than two patients.
 * @param samples of the test side, in any order
 */
export function reportTest(
  predictions: Predictions,
  samples: readonly LoaderSample[],
  seed: number,
): EvaluationReport {
  const groupOf = new Map(
    samples.flatMap(({ id, group }) =>
      group === undefined ? [] : [[id, `group ${group}`] as const],
    ),
  );
  const groups =
    groupOf.size === 0 ? undefined : predictions.ids.map((id) => groupOf.get(id) ?? `image ${id}`);
  return evaluatePredictions(predictions, {
    bootstrap: { seed, ...(groups === undefined ? {} : { groups }) },
  });
}
