import { type ClassMetricName, type MetricEstimate, oneVsRest } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { furtherMetrics, mainMetrics } from '../../statistics/summaryMetrics.js';
import { formatMean, formatPercent } from '../../tables/numberText.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { html, type Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import { intervalBelow } from '../html/intervalBelow.js';
import type { PageSubject } from '../openSubject.js';
import { type PageModel, type PageSummaries, resultsWith } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';
import { resultNotes, resultTableMarkup } from './resultTableMarkup.js';

/** The results next to the published ones, with footnotes; each class or finding; further metrics are collapsed. */
export function resultsSection(
  { models, choices }: PageSubject,
  summaries: PageSummaries,
): PageSection {
  return {
    id: 'results',
    title: 'Results',
    body: weightsPanels(choices, (weights) => {
      const summary = summaries[weights]!;
      const notes = resultNotes(summary);
      const main = `${summary.caption}, ${weightsTitle[weights]}`;
      const further = `Further metrics, ${weightsTitle[weights]}`;
      const kind = summary.task === 'multilabel' ? 'finding' : 'class';
      const byClass = `Results by ${kind}, ${weightsTitle[weights]}`;
      return html`${resultTableMarkup(summary, { models, notes, metrics: mainMetrics(summary), caption: main, comparison: true })}
        <p class="note">
          Values are in
          percent${summary.repeats.count > 1 ? ', mean ± standard deviation over repeats' : ''}. The
          ${summary.confidence * 100} % confidence interval is given below each
          value${notes.published && '; results published in the paper are in italics'}.
        </p>
        <ol class="notes" id="notes-${weights}">
          ${notes.rows.map(({ text }) => html`<li>${text}</li>`)}
        </ol>
        <ul class="note">
          ${notes.table.map((text) => html`<li>${text}</li>`)}
        </ul>
        ${classTable(models, { weights, caption: byClass, kind })}
        <details>
          <summary>${further}</summary>
          ${resultTableMarkup(summary, { models, notes, metrics: furtherMetrics(summary), caption: further, comparison: false })}
        </details>`;
    }),
  };
}

const classMetrics: readonly (readonly [name: ClassMetricName, title: string])[] = [
  ['auc', 'AUC'],
  ['sensitivity', 'sensitivity'],
  ['specificity', 'specificity'],
  ['precision', 'precision'],
  ['f1', 'F1'],
  ['averagePrecision', 'average precision'],
];

/**
 * Metrics of each class against the rest, or of each finding, for every model: with the intervals of `metrics.json` for a single run, else
 * mean and standard deviation over repeats.
 */
function classTable(
  models: readonly PageModel[],
  { weights, caption, kind }: { weights: WeightsChoice; caption: string; kind: string },
): Markup {
  const { classes } = models[0].runs[0].metrics;
  return htmlTable(
    {
      columns: [
        ...(models.length > 1 ? [{ title: 'model' }] : []),
        { title: kind },
        { title: 'test images', align: 'right' },
        ...classMetrics.map(([, title]) => ({ title, align: 'right' as const })),
      ],
      rows: models.flatMap(({ title, runs }) => {
        const reports = runs.map((run) => oneVsRest(resultsWith(run, weights).report));
        return classes.map((name, index) => [
          ...(models.length > 1 ? [title] : []),
          name,
          String(reports[0][index].positives),
          ...classMetrics.map(([metric]) =>
            reports.length === 1
              ? percentEstimate(reports[0][index][metric])
              : formatMean(
                  reports.map((report) => inPercent(report[index][metric].value)),
                  2,
                ),
          ),
        ]);
      }),
    },
    { caption, stacks: true, cell: intervalBelow },
  );
}

const inPercent = (fraction: number | null): number | null =>
  fraction === null ? null : 100 * fraction;

/** `47.20 (45.10 to 54.80)`: a metric with its interval in percent. */
function percentEstimate({ value, interval }: MetricEstimate): string {
  if (value === null) return '-';
  const range =
    interval === undefined
      ? ''
      : ` (${formatPercent(interval.lower)} to ${formatPercent(interval.upper)})`;
  return `${formatPercent(value)}${range}`;
}
