import type { ExperimentSummary, MetricSummary } from '../statistics/experimentSummary.js';
import { MINIMUM_REPEATS } from '../statistics/fewRepeats.js';
import type { StyledTable } from '../tables/table.js';

/** Explains {@link operatingTable}. */
export const operatingText =
  "At each run's own threshold, chosen on its validation set; sensitivity and specificity in percent, mean ± standard deviation over repeats, and the interval of the mean over the test set.";

/**
 * Sensitivity and specificity at the operating points, one row per model and rule; null if no run has any. A dash stands
 * for a model that has no such operating point, or for a single value's missing interval.
 */
export function operatingTable({ rows, confidence }: ExperimentSummary): StyledTable | null {
  const lines = rows.flatMap(({ title, operatingPoints = [] }) =>
    operatingPoints.map((point, i) => ({ ...point, title: i === 0 ? title : '' })),
  );
  if (lines.length === 0) return null;
  const interval = `${100 * confidence} %`;
  return {
    columns: [
      { title: '' },
      { title: 'operating point' },
      ...['sensitivity', interval, 'specificity', interval].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    rows: lines.map(({ title, point, sensitivity, specificity }) => ({
      cells: [
        title,
        point,
        ...[sensitivity, specificity].flatMap((rate) => [valueText(rate), rangeText(rate)]),
      ].map((text) => ({ text })),
    })),
  };
}

const percent = (value: number): string => (100 * value).toFixed(1);

/** `92.3 ± 1.2`; the single values where there are too few for a standard deviation. */
function valueText({ values, mean, standardDeviation }: MetricSummary): string {
  const known = values.filter((value) => value !== null);
  if (mean === null) return '-';
  if (known.length > 1 && known.length < MINIMUM_REPEATS) return known.map(percent).join(', ');
  return `${percent(mean)}${standardDeviation === null ? '' : ` ± ${percent(standardDeviation)}`}`;
}

const rangeText = ({ interval }: MetricSummary): string =>
  interval === null ? '-' : `${percent(interval.lower)} to ${percent(interval.upper)}`;
