import type { WeightsChoice } from '@nonlocal-med/runs';
import type { Table } from '../../tables/table.js';
import { classCurve, type CurveKind } from '../figure/classCurve.js';
import type { Curve } from '../figure/curve.js';
import { curvePlot } from '../figure/curvePlot.js';
import { html } from '../html/html.js';
import type { Markup } from '../html/markup.js';
import type { PageModel } from '../pageModel.js';
import { figureBlock } from '../part/figureBlock.js';
import { modelLegend } from '../part/modelLegend.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { weightsPanels } from '../part/weightsPanels.js';
import { weightsTitle } from '../part/weightsTitle.js';
import { weightsOf } from '../weightsOf.js';

/** Models whose bands can be told apart; the page hides bands and repeats while more are shown. */
const MOST = 3;

/** Every this many points of a band's grid is in the table of numbers. */
const TABLE_STEP = 5;

/** ROC and precision-recall curves, one plot a class with all models. */
export function curvesSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const { classes } = models[0].runs[0].metrics;
  const repeats = Math.max(...models.map(({ runs }) => runs.length));
  const kinds = ['roc', 'precision-recall'] as const;
  return {
    id: 'curves',
    title: 'ROC and precision-recall curves',
    body: html`<p>
        Each class against the rest.
        ${repeats === 1 ? 'Bands are 95 % pointwise bootstrap intervals over the test images.' : 'Strong lines are means over the repeats at each position, thin lines the repeats. Bands are 95 % pointwise bootstrap intervals over the test images of one repeat, averaged over the repeats: they show how far the choice of test images moves a curve, not how far another training does.'}
        The grey line is what guessing
        gives.${models.length > MOST && ` With more than ${MOST} models shown there are strong lines only.`}
      </p>
      ${classPicker(classes)}${modelLegend(models)}
      ${weightsPanels(
        choices,
        (weights) =>
          html`${kinds.map(
            (kind) =>
              html`<h3>
                  ${kind === 'roc' ? 'ROC curves' : 'Precision-recall curves'},
                  ${weightsTitle[weights]}
                </h3>
                <div class="grid">
                  ${classes.map((_, classIndex) => classFigure(models, { kind, weights, classIndex }))}
                </div>`,
          )}`,
      )}`,
  };
}

function classPicker(classes: readonly string[]): Markup {
  return html`<p class="controls">
    <label
      >Class
      <select data-choice="class">
        <option value="">all, side by side</option>
        ${classes.map((name, index) => html`<option value="${index}">${name}</option>`)}
      </select></label
    >
  </p>`;
}

function classFigure(
  models: readonly PageModel[],
  { kind, weights, classIndex }: { kind: CurveKind; weights: WeightsChoice; classIndex: number },
): Markup {
  const [{ report }] = [weightsOf(models[0].runs[0], weights)];
  const { class: name, support } = report.perClass[classIndex];
  const series = models.flatMap((model) => {
    const curve = classCurve(
      kind,
      model.runs.map((run) => weightsOf(run, weights).predictions),
      classIndex,
    );
    return curve === null ? [] : [{ ...model, curve }];
  });
  const title = `${name} against the rest`;
  if (series.length === 0)
    return html`<figure data-class="${classIndex}">
      <figcaption><strong>${title}</strong></figcaption>
      <p>Not defined: the test side has no image of this class, or only such.</p>
    </figure>`;
  const label = `${kind === 'roc' ? 'ROC' : 'Precision-recall'} curve of class ${classIndex + 1}, ${series.length === 1 ? 'one model' : `${series.length} models`}; the numbers follow as a table`;
  return figureBlock({
    title,
    classIndex,
    note: `${support} of ${report.samples} test images`,
    plot: curvePlot({ kind, series, prevalence: support / report.samples, label }),
    numbers: curveNumbers(kind, series),
  });
}

function curveNumbers(kind: CurveKind, series: readonly { title: string; curve: Curve }[]): Table {
  const positions = series[0].curve.grid
    .filter((_, index) => index % TABLE_STEP === 0)
    .map(({ x }) => x);
  return {
    columns: [
      { title: kind === 'roc' ? 'false positive rate' : 'recall', align: 'right' },
      ...series.map(({ title }) => ({
        title: `${title}, ${kind === 'roc' ? 'true positive rate' : 'precision'}`,
        align: 'right' as const,
      })),
    ],
    rows: positions.map((x) => [
      x.toFixed(2),
      ...series.map(({ curve }) => {
        const point = curve.grid.find((other) => other.x === x);
        return point === undefined
          ? '-'
          : `${point.estimate.toFixed(3)} (${point.lower.toFixed(2)} to ${point.upper.toFixed(2)})`;
      }),
    ]),
  };
}
