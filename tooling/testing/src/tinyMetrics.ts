import { evaluatePredictions, type EvaluationReport } from '@nonlocal-med/metrics';

/** Content of the `metrics.json` of a run with two test images, as small as it can be. */
export function tinyMetrics(): {
  split: 'test';
  classes: string[];
  images: { train: number; validation: number; test: number };
  lastEpoch: number;
  selectedEpoch: null;
  last: EvaluationReport;
} {
  const classes = ['a', 'b'];
  return {
    split: 'test',
    classes,
    images: { train: 4, validation: 0, test: 2 },
    lastEpoch: 2,
    selectedEpoch: null,
    last: evaluatePredictions({
      classes,
      ids: ['x.png', 'y.png'],
      labels: Int32Array.of(0, 1),
      probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5),
    }),
  };
}
