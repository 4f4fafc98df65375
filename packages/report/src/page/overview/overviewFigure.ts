import { type MetricEstimate, oneVsRest } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import type { ExperimentSummary } from '../../statistics/experimentSummary.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { type Dot, dotTrack, trackAxis } from '../figure/dotTrack.js';
import { modelLegend } from '../figure/seriesStyle.js';
import { html, type Markup } from '../html/html.js';
import { type PageModel, resultsWith } from '../pageModel.js';

/** With more models than this, the figure has a line per model instead of one per class. */
const MOST_MODELS_BY_CLASS = 3;

const measures = [
  ['auc', 'AUC'],
  ['sensitivity', 'Sensitivity'],
  ['specificity', 'Specificity'],
] as const;

type Measure = (typeof measures)[number][0];

/** A line of the figure: a class, a finding or a model. */
interface OverviewLine {
  readonly name: string;
  /** `33 images` */
  readonly note?: string;
  readonly cssClass?: string;
  readonly dots: (measure: Measure) => readonly Dot[];
}

/**
 * The whole result as one figure of dots and intervals from 0 to 100 %: AUC, sensitivity and specificity of each class or
 * finding, or of each model if there are more than three.
 */
export function overviewFigure(
  summary: ExperimentSummary,
  { models, weights }: { models: readonly PageModel[]; weights: WeightsChoice },
): Markup {
  const byClass = models.length <= MOST_MODELS_BY_CLASS;
  const ofFindings = summary.task === 'multilabel';
  const kind = byClass ? (ofFindings ? 'Finding' : 'Class') : 'Model';
  const lines = byClass ? classLines(models, weights) : modelLines(summary, models);
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  const caption = `${kind === 'Model' ? 'Models' : ofFindings ? 'Findings' : 'Classes'} at a glance, ${weightsTitle[weights]}`;
  return html`<figure class="overview">
    <figcaption>
      <strong>${caption}</strong
      ><br />${explanation({ isRepeated, byClass, confidence: summary.confidence })}
    </figcaption>
    ${byClass && models.length > 1 && modelLegend(models)}
    <div class="scroll" tabindex="0" role="group" aria-label="${caption}">
      <table class="tracks">
        <thead>
          <tr>
            <th scope="col" class="text">${kind}</th>
            ${measures.map(([, title]) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            ({ name, note, cssClass, dots }) =>
              html`<tr ${cssClass !== undefined && html` class="${cssClass}"`}>
                <th scope="row">${name}${note !== undefined && html` <small>${note}</small>`}</th>
                ${measures.map(([measure]) => html`<td>${dots(measure).map((dot) => dotTrack(dot, { reference: measure === 'auc' ? 0.5 : null }))}</td>`)}
              </tr> `,
          )}
        </tbody>
        <tfoot aria-hidden="true">
          <tr>
            <td></td>
            ${measures.map(() => html`<td>${trackAxis()}</td>`)}
          </tr>
        </tfoot>
      </table>
    </div>
  </figure>`;
}

function explanation({
  isRepeated,
  byClass,
  confidence,
}: {
  isRepeated: boolean;
  byClass: boolean;
  confidence: number;
}): string {
  const lines =
    isRepeated && byClass
      ? 'lines reach from the lowest to the highest repeat'
      : `lines are ${100 * confidence} % confidence intervals`;
  return `Dots are values on the test set in percent, ${lines}. The mark at 50 % AUC is guessing.`;
}

function classLines(models: readonly PageModel[], weights: WeightsChoice): OverviewLine[] {
  const reports = models.map((model) => ({
    model,
    repeats: model.runs.map((run) => oneVsRest(resultsWith(run, weights).report)),
  }));
  return reports[0].repeats[0].map(({ name, positives }, index) => ({
    name,
    note: `${positives} of ${reports[0].repeats[0][index].samples}`,
    dots: (measure) =>
      reports.map(({ model, repeats }) => ({
        title: models.length > 1 ? model.title : undefined,
        style: model.style,
        ...overRepeats(repeats.map((report) => report[index][measure])),
      })),
  }));
}

function modelLines(summary: ExperimentSummary, models: readonly PageModel[]): OverviewLine[] {
  return models.map(({ key, title, style }) => ({
    name: title,
    cssClass: style.cssClass,
    dots: (measure) => {
      const { mean, interval } = summary.rows.find((row) => row.key === key)!.metrics[measure];
      return [{ style, value: mean, interval }];
    },
  }));
}

/** The value with its interval; over several repeats the mean with the lowest and the highest. */
function overRepeats(estimates: readonly MetricEstimate[]): Pick<Dot, 'value' | 'interval'> {
  if (estimates.length === 1)
    return { value: estimates[0].value, interval: estimates[0].interval ?? null };
  const values = estimates.map(({ value }) => value).filter((value) => value !== null);
  if (values.length === 0) return { value: null, interval: null };
  return {
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    interval: { lower: Math.min(...values), upper: Math.max(...values) },
  };
}
