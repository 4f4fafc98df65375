import type { EvaluationReport } from '@nonlocal-med/metrics';

/** Which of a run's weights: those of the last epoch, or of the epoch chosen on the validation side. */
export type WeightsChoice = 'last' | 'selected';

/** What `metrics.json` holds. */
export interface RunMetrics {
  readonly split: 'test';
  readonly classes: readonly string[];
  /** Images on each side. */
  readonly images: { readonly train: number; readonly validation: number; readonly test: number };
  /** Epoch whose weights `selected` are; null without a validation side. */
  readonly selectedEpoch: number | null;
  readonly lastEpoch: number;
  readonly last: EvaluationReport;
  readonly selected?: EvaluationReport;
}
