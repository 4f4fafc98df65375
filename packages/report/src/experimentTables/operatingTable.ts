import type { ExperimentSummary, MetricSummary } from '../statistics/experimentSummary.js';
import { MINIMUM_REPEATS } from '../statistics/fewRepeats.js';
import type { StyledTable } from '../tables/table.js';

/** Explains {@link operatingTable}, with its intervals or without. */
export const operatingText = ({ intervals = true }: OperatingTableOptions = {}): string =>
  `At each run's own threshold, chosen on its validation set; sensitivity and specificity in percent, mean ± standard deviation over repeats${intervals ? ', and the interval of the mean over the test set' : ''}.`;

/** Which columns an {@link operatingTable} has. */
interface OperatingTableOptions {
  /** Default true; a terminal has no room for them. */
  readonly intervals?: boolean;
}

/**
 * Sensitivity and specificity at the operating points, one row per model and rule; null if no run has any. A dash stands
 * for a model that has no such operating point, or for a single value's missing interval. Without intervals the models are
 * headings above their rows.
 */
export function operatingTable(
  { rows, confidence }: ExperimentSummary,
  { intervals = true }: OperatingTableOptions = {},
): StyledTable | null {
  const models = rows.filter(({ operatingPoints = [] }) => operatingPoints.length > 0);
  if (models.length === 0) return null;
  const numbers = (titles: readonly string[]): StyledTable['columns'] =>
    titles.map((title) => ({ title, align: 'right' as const }));
  if (!intervals)
    return {
      columns: [{ title: 'operating point' }, ...numbers(['sensitivity', 'specificity'])],
      rows: models.flatMap(({ title, operatingPoints = [] }) => [
        { heading: title },
        ...operatingPoints.map(({ point, sensitivity, specificity }) =>
          textRow([point, valueText(sensitivity), valueText(specificity)]),
        ),
      ]),
    };
  const interval = `${100 * confidence} %`;
  return {
    columns: [
      { title: '' },
      { title: 'operating point' },
      ...numbers(['sensitivity', interval, 'specificity', interval]),
    ],
    rows: models.flatMap(({ title, operatingPoints = [] }) =>
      operatingPoints.map(({ point, sensitivity, specificity }, i) =>
        textRow([
          i === 0 ? title : '',
          point,
          ...[sensitivity, specificity].flatMap((rate) => [valueText(rate), rangeText(rate)]),
        ]),
      ),
    ),
  };
}

const textRow = (texts: readonly string[]): StyledTable['rows'][number] => ({
  cells: texts.map((text) => ({ text })),
});

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
