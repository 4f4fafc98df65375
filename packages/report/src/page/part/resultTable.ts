import type {
  ExperimentSummary,
  MetricSummary,
  RowSummary,
} from '../../summary/experimentSummary.js';
import type { SummaryMetricInfo } from '../../summary/summaryMetrics.js';
import { pValueText } from '../../tables/pValueText.js';
import { intervalGlyph } from '../figure/intervalGlyph.js';
import { html, type HtmlValue } from '../html/html.js';
import type { Markup } from '../html/markup.js';
import type { PageModel } from '../pageModel.js';
import { percentText } from './percentText.js';
import type { ResultNotes } from './resultNotes.js';
import { signedPoints } from './signedPoints.js';

/** What a table of results shows. */
export interface ResultTableOptions {
  readonly models: readonly PageModel[];
  readonly notes: ResultNotes;
  readonly metrics: readonly SummaryMetricInfo[];
  readonly caption: string;
  /** With the difference in AUC from the baseline, and a picture of each AUC's interval. */
  readonly comparison: boolean;
}

/** One row a model with the metrics over its repeats, and the published numbers below ours. */
export function resultTable(summary: ExperimentSummary, options: ResultTableOptions): Markup {
  const { metrics, caption, comparison } = options;
  const compared = comparison && summary.rows.some((row) => row.comparison !== null);
  const columns = [
    ...metrics.map(({ title }) => title),
    ...(comparison ? ['AUC, interval'] : []),
    ...(compared ? ['AUC difference from the baseline'] : []),
  ];
  let group: string | null = null;
  const rows = summary.rows.map((row): HtmlValue => {
    const heading =
      row.group !== null &&
      row.group !== group &&
      html`<tr class="group">
        <th scope="rowgroup" colspan="${columns.length + 1}">${row.group}</th>
      </tr> `;
    group = row.group;
    return html`${heading}${resultRow(row, summary, { ...options, compared })}`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
    <table class="results">
      <caption>
        <span>${caption}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col" class="text">model</th>
          ${columns.map((title) => html`<th scope="col" class="number">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function resultRow(
  row: RowSummary,
  summary: ExperimentSummary,
  { models, notes, metrics, comparison, compared }: ResultTableOptions & { compared: boolean },
): Markup {
  const marks = notes.rows.flatMap(({ keys }, index) =>
    keys.includes(row.key) ? [index + 1] : [],
  );
  const incomplete =
    row.reproduced &&
    row.finished < row.planned &&
    html`<br /><small>${row.finished} of ${row.planned} repeats</small>`;
  return html`<tr>
    <th scope="row">${row.title}${marks.map((mark) => html`<sup>${mark}</sup>`)}${incomplete}</th>
    ${metrics.map((metric) => html`<td class="number">${metricCell(row, metric)}</td>`)}${comparison && html`<td class="number">${glyph(row, summary, models)}</td>`}${compared && html`<td class="number">${difference(row)}</td>`}
  </tr> `;
}

function metricCell(
  { metrics, published, reproduced }: RowSummary,
  { name, percent, published: column }: SummaryMetricInfo,
): Markup {
  const text = (value: number | null): string =>
    percent ? percentText(value) : value === null ? '–' : value.toFixed(3).replace('-', '−');
  const { mean, deviation, interval, undefinedBecause } = metrics[name];
  const reason = undefinedBecause.find((why) => why !== null);
  const ours =
    reproduced &&
    html`${text(mean)}${deviation !== null && ` ± ${text(deviation)}`}${mean === null && reason !== undefined && reason !== null && html` <small>${reason}</small>`}${interval !== null && html`<br /><small>${text(interval.lower)} to ${text(interval.upper)}</small>`}`;
  const paper =
    column !== null &&
    published !== null &&
    html`${ours !== false && html`<br />`}<small class="paper"
        >paper ${published[column][0].toFixed(2)} ± ${published[column][1].toFixed(2)}</small
      >`;
  return html`${ours}${paper}`;
}

function glyph(
  { key, metrics: { auc } }: RowSummary,
  { rows }: ExperimentSummary,
  models: readonly PageModel[],
): HtmlValue {
  const model = models.find((other) => other.key === key);
  if (model === undefined || auc.mean === null) return null;
  const ends = rows.flatMap(({ metrics }) => extremes(metrics.auc));
  const margin = 0.005;
  return intervalGlyph({
    value: auc.mean,
    interval: auc.interval,
    domain: [Math.min(...ends) - margin, Math.max(...ends) + margin],
    style: model.style,
  });
}

const extremes = ({ mean, interval }: MetricSummary): number[] =>
  [mean, interval?.lower, interval?.upper].filter((value) => typeof value === 'number');

function difference({ comparison }: RowSummary): HtmlValue {
  if (comparison === null) return null;
  const { mean, overRepeats, onImages, verdict } = comparison.metrics.auc;
  if (mean === null) return '–';
  const test = comparison.repeats.length === 1 ? onImages : overRepeats;
  const tested =
    test !== null &&
    test.lower !== null &&
    test.upper !== null &&
    html`<br /><small>${signedPoints(test.lower)} to ${signedPoints(test.upper)}</small>`;
  const pValue = test?.adjusted ?? null;
  return html`${signedPoints(mean)}${tested}<br /><small
      >${pValue !== null && `p ${pValue < 0.001 ? '' : '= '}${pValueText(pValue)}, `}${comparison.repeats.length === 1 ? 'one training' : verdict}</small
    >`;
}
