import type {
  ExperimentSummary,
  MetricSummary,
  RowSummary,
} from '../../statistics/experimentSummary.js';
import { hasFewRepeats, listDifferences, MINIMUM_REPEATS } from '../../statistics/fewRepeats.js';
import type { SummaryMetricInfo } from '../../statistics/summaryMetrics.js';
import { formatPercent, formatPointDifference, formatPStatement } from '../../tables/numberText.js';
import { intervalGlyph } from '../figure/intervalGlyph.js';
import { html, type HtmlValue, type Markup } from '../html/html.js';
import type { PageModel } from '../pageModel.js';

/** What a table of results shows. */
export interface ResultTableOptions {
  readonly models: readonly PageModel[];
  readonly notes: ResultNotes;
  readonly metrics: readonly SummaryMetricInfo[];
  readonly caption: string;
  /** Whether to show AUC intervals as glyphs, and the difference in AUC from the baseline. */
  readonly comparison: boolean;
}

const INTERVAL_TITLE = 'AUC interval';
const DIFFERENCE_TITLE = 'AUC difference from baseline';

/** One row per model with its metrics over all repeats, and the published results below ours. */
export function resultTableMarkup(summary: ExperimentSummary, options: ResultTableOptions): Markup {
  const { metrics, caption } = options;
  // An interval without another to compare it with would only repeat its numbers.
  const comparison = options.comparison && summary.rows.length > 1;
  const isCompared = comparison && summary.rows.some((row) => row.comparison !== null);
  const columns = [
    ...metrics.map(({ title }) => title),
    ...(comparison ? [INTERVAL_TITLE] : []),
    ...(isCompared ? [DIFFERENCE_TITLE] : []),
  ];
  const rows = summary.rows.map((row, i): HtmlValue => {
    const heading =
      row.group !== null &&
      row.group !== summary.rows[i - 1]?.group &&
      html`<tr class="group">
        <th scope="rowgroup" colspan="${columns.length + 1}">${row.group}</th>
      </tr> `;
    return html`${heading}${resultRow(row, summary, { ...options, comparison, isCompared })}`;
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
  { models, notes, metrics, comparison, isCompared }: ResultTableOptions & { isCompared: boolean },
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
    ${metrics.map((metric) => cell(metric.title, metricCell(row, metric)))}${comparison && cell(INTERVAL_TITLE, glyphCell(row, summary, models))}${isCompared && cell(DIFFERENCE_TITLE, differenceCell(row))}
  </tr> `;
}

/** A cell that repeats the title of its column, which is shown where the screen is too narrow for columns. */
const cell = (title: string, content: HtmlValue): Markup =>
  html`<td class="number" data-title="${title}">${content}</td>`;

function metricCell(
  { metrics, published, reproduced }: RowSummary,
  { name, percent, published: column }: SummaryMetricInfo,
): Markup {
  const format = (value: number | null): string =>
    percent ? formatPercent(value) : value === null ? '–' : value.toFixed(3).replace('-', '−');
  const { mean, standardDeviation, interval, undefinedBecause, values } = metrics[name];
  const known = values.filter((value) => value !== null);
  const isFew = known.length > 1 && known.length < MINIMUM_REPEATS;
  const reason = mean === null ? undefinedBecause.find((text) => text !== null) : null;
  const ours =
    reproduced &&
    html`${isFew ? known.map(format).join(', ') : format(mean)}${!isFew && standardDeviation !== null && ` ± ${format(standardDeviation)}`}${reason && html` <small>${reason}</small>`}${interval !== null && html`<br /><small>${format(interval.lower)} to ${format(interval.upper)}</small>`}`;
  const paper =
    column !== null &&
    published !== null &&
    html`${ours !== false && html`<br />`}<small class="paper"
        >paper ${published[column][0].toFixed(2)} ± ${published[column][1].toFixed(2)}</small
      >`;
  return html`${ours}${paper}`;
}

/** Added to both ends of the glyphs' axis. */
const AXIS_MARGIN = 0.005;

function glyphCell(
  { key, metrics: { auc } }: RowSummary,
  { rows }: ExperimentSummary,
  models: readonly PageModel[],
): HtmlValue {
  const model = models.find((other) => other.key === key);
  if (model === undefined || auc.mean === null) return null;
  const ends = rows.flatMap(({ metrics }) => extremes(metrics.auc));
  return intervalGlyph({
    value: auc.mean,
    interval: auc.interval,
    domain: [Math.min(...ends) - AXIS_MARGIN, Math.max(...ends) + AXIS_MARGIN],
    style: model.style,
  });
}

const extremes = ({ mean, interval }: MetricSummary): number[] =>
  [mean, interval?.lower, interval?.upper].filter((value) => typeof value === 'number');

function differenceCell({ comparison }: RowSummary): HtmlValue {
  if (comparison === null) return null;
  const { mean, overRepeats, onImages, verdict } = comparison.metrics.auc;
  if (mean === null) return '–';
  if (hasFewRepeats(comparison.metrics.auc))
    return html`${listDifferences(comparison.metrics.auc)}<br /><small>${verdict}</small>`;
  const trainedOnce = comparison.repeats.length === 1;
  const test = trainedOnce ? onImages : overRepeats;
  const interval =
    test !== null &&
    test.lower !== null &&
    test.upper !== null &&
    html`<br /><small
        >${formatPointDifference(test.lower)} to ${formatPointDifference(test.upper)}</small
      >`;
  const pValue = test?.adjusted ?? null;
  return html`${formatPointDifference(mean)}${interval}<br /><small
      >${pValue !== null && `${formatPStatement(pValue)}, `}${trainedOnce ? 'trained once' : verdict}</small
    >`;
}

/** Footnotes of a table of results. */
export interface ResultNotes {
  /** Numbered notes, with the keys of the rows that they belong to. */
  readonly rows: readonly { readonly keys: readonly string[]; readonly text: string }[];
  /** Notes to the whole table. */
  readonly table: readonly string[];
  /** Whether any row has published results. */
  readonly published: boolean;
}

/** Collects the footnotes of a summary; rows with the same note share it. */
export function resultNotes({ rows, rules, notes, missing }: ExperimentSummary): ResultNotes {
  const texts = [...new Set(rows.flatMap(({ note }) => (note === null ? [] : [note])))];
  return {
    rows: texts.map((text) => ({
      text,
      keys: rows.filter(({ note }) => note === text).map(({ key }) => key),
    })),
    table: [...rules, ...notes, ...missing.map((text) => `Not in the table: ${text}.`)],
    published: rows.some(({ published }) => published !== null),
  };
}
