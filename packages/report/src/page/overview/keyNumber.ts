import type { RowSummary } from '../../statistics/experimentSummary.js';
import type { SummaryMetric } from '../../statistics/summaryMetrics.js';
import { formatPercent } from '../../tables/numberText.js';
import { html, type Markup } from '../html/html.js';

/** One of the few numbers that answer how good a model is. */
export interface KeyNumber {
  readonly title: string;
  /** `86.1 %` */
  readonly value: string;
  /** `80.2 to 91.0 %`; null if there is no interval. */
  readonly interval: string | null;
  /** What the number is about, or why it has no interval. */
  readonly note?: string;
}

/** A metric of {@link RowSummary} and how it is called. */
export interface NamedAverage {
  readonly name: SummaryMetric;
  readonly title: string;
  readonly note?: string;
}

/** A metric of a row, in percent. */
export function averageNumber(
  { metrics }: RowSummary,
  { name, title, note }: NamedAverage,
): KeyNumber {
  const { mean, interval, undefinedBecause, noIntervalBecause } = metrics[name];
  const because =
    mean === null ? undefinedBecause.find((reason) => reason !== null) : noIntervalBecause;
  return {
    title,
    value: percentOf(mean),
    interval: interval && rangeText(interval),
    note: interval === null ? (because ?? note) : note,
  };
}

/** `86.1 %`, or a dash. */
export const percentOf = (fraction: number | null): string =>
  fraction === null ? '–' : `${formatPercent(fraction, 1)}\u00a0%`;

/** `80.2 to 91.0 %` */
export const rangeText = ({ lower, upper }: { lower: number; upper: number }): string =>
  `${formatPercent(lower, 1)} to ${formatPercent(upper, 1)}\u00a0%`;

/** Renders key numbers side by side. */
export function keyNumberTiles(numbers: readonly KeyNumber[], confidence: number): Markup {
  return html`<dl class="key-numbers">
    ${numbers.map(
      ({ title, value, interval, note }) =>
        html`<div>
          <dt>${title}</dt>
          <dd>
            <strong>${value}</strong
            >${interval !== null && html` <span><span class="hidden">${100 * confidence} % confidence interval: </span>${interval}</span>`}${note !== undefined && html` <small>${note}</small>`}
          </dd>
        </div> `,
    )}
  </dl>`;
}
