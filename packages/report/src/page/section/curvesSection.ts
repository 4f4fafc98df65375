import { count } from '@nonlocal-med/core';
import { oneVsRest } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import type { Table } from '../../tables/table.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { classCurve, type CurveKind } from '../figure/classCurve.js';
import { curvePlot, type CurveSeries } from '../figure/curvePlot.js';
import { figureBlock } from '../figure/figureBlock.js';
import { readerMarks } from '../figure/readerMarks.js';
import { modelLegend } from '../figure/seriesStyle.js';
import { html, type Markup } from '../html/html.js';
import { hasFindings, type PageModel, resampledUnits, resultsWith } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';

/** With more models their bands overlap too much: the page then hides bands and lines of single repeats. */
const MOST_WITH_BANDS = 3;

/** The table of numbers has every fifth point of a band's grid. */
const TABLE_STEP = 5;

const kindTitles: Readonly<Record<CurveKind, string>> = {
  roc: 'ROC curves',
  'precision-recall': 'Precision-recall curves',
};

/** ROC and precision-recall curves: one plot per class or finding, with all models. */
export function curvesSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const { classes } = models[0].runs[0].metrics;
  const kinds = Object.keys(kindTitles) as CurveKind[];
  return {
    id: 'curves',
    title: 'ROC and precision-recall curves',
    body: html`<p>${explanation(models)}</p>
      ${classPicker(classes, hasFindings(models))}${modelLegend(models)}
      ${weightsPanels(
        choices,
        (weights) =>
          html`${kinds.map(
            (kind) =>
              html`<h3>${kindTitles[kind]}, ${weightsTitle[weights]}</h3>
                <div class="grid">
                  ${classes.map((_, classIndex) => classFigure(models, { kind, weights, classIndex }))}
                </div>`,
          )}`,
      )}`,
  };
}

function explanation(models: readonly PageModel[]): string {
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  const units = resampledUnits(models);
  const bands = isRepeated
    ? `Bold lines are means over the repeats, thin lines are single repeats. Bands are 95 % pointwise bootstrap intervals over the ${units} of one repeat, averaged over the repeats. They show how much a curve depends on the choice of test images, not how much it varies between training runs.`
    : `Bands are 95 % pointwise bootstrap intervals over the ${units}.`;
  const hidden =
    models.length > MOST_WITH_BANDS
      ? ` Bands and single repeats are hidden while more than ${MOST_WITH_BANDS} models are shown.`
      : '';
  const compared = hasFindings(models)
    ? 'Each finding is judged on the images where it is known whether they show it.'
    : 'Each class is compared with all other classes.';
  const hasReaders = models.some(({ runs: [run] }) => (run.system?.readers.length ?? 0) > 0);
  const readers = hasReaders
    ? ' Circles are readers, who have no curve; a diamond is the majority of several.'
    : '';
  return `${compared} ${bands}${readers} The gray line is the result of random guessing.${hidden}`;
}

function classPicker(classes: readonly string[], ofFindings: boolean): Markup {
  return html`<p class="controls">
    <label
      >${ofFindings ? 'Finding' : 'Class'}
      <select data-choice="class">
        <option value="">${ofFindings ? 'all findings' : 'all classes'}</option>
        ${classes.map((name, index) => html`<option value="${index}">${name}</option>`)}
      </select></label
    >
  </p>`;
}

function classFigure(
  models: readonly PageModel[],
  { kind, weights, classIndex }: { kind: CurveKind; weights: WeightsChoice; classIndex: number },
): Markup {
  const { report } = resultsWith(models[0].runs[0], weights);
  const { name, positives, samples } = oneVsRest(report)[classIndex];
  const ofFindings = hasFindings(models);
  const series = models.flatMap((model) => {
    const tested = model.runs.map((run) => resultsWith(run, weights).predictions);
    const readers = readerMarks(kind, model.runs[0], name);
    // Decisions without probabilities have no order, and so no curve.
    const curve = readers.length > 0 ? null : classCurve(kind, tested, name);
    return curve === null && readers.length === 0 ? [] : [{ ...model, curve, readers }];
  });
  const title = ofFindings ? name : `${name} vs. rest`;
  if (series.length === 0)
    return html`<figure data-class="${classIndex}">
      <figcaption><strong>${title}</strong></figcaption>
      <p>
        Not defined, because the test set contains no image
        ${ofFindings ? 'with this finding' : 'of this class'} or no other images.
      </p>
    </figure>`;
  const subject = kind === 'roc' ? 'ROC curve' : 'Precision-recall curve';
  return figureBlock({
    title,
    classIndex,
    note: `${positives} of ${samples} test images`,
    plot: curvePlot({
      kind,
      series,
      prevalence: positives / samples,
      label: `${subject} of ${ofFindings ? 'finding' : 'class'} ${classIndex + 1}, ${count(series.length, 'model')}; the numbers follow as a table`,
    }),
    numbers: curveNumbers(kind, series),
  });
}

function curveNumbers(
  kind: CurveKind,
  series: readonly (CurveSeries & { readonly title: string })[],
): Table {
  const [first] = series.flatMap(({ curve }) => (curve === null ? [] : [curve]));
  const positions = (first?.band ?? [])
    .filter((_, index) => index % TABLE_STEP === 0)
    .map(({ x }) => x);
  const marks = series.flatMap((model) =>
    (model.readers ?? []).map((reader) => ({ ...reader, title: model.title })),
  );
  const [xTitle, yTitle] =
    kind === 'roc' ? ['false positive rate', 'true positive rate'] : ['recall', 'precision'];
  return {
    columns: [
      { title: xTitle, align: 'right' },
      ...series.map(({ title }) => ({ title: `${title}, ${yTitle}`, align: 'right' as const })),
    ],
    rows: [
      ...positions.map((x) => [
        x.toFixed(2),
        ...series.map(({ curve }) => {
          const point = curve?.band.find((other) => other.x === x);
          return point === undefined
            ? '-'
            : `${point.estimate.toFixed(3)} (${point.lower.toFixed(2)} to ${point.upper.toFixed(2)})`;
        }),
      ]),
      ...marks.map(({ name, x, y, title: of }) => [
        x.toFixed(3),
        ...series.map(({ title }) => (title === of ? `${y.toFixed(3)} (${name})` : '-')),
      ]),
    ],
  };
}
