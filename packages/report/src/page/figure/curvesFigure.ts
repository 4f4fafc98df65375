import { InputError } from '@nonlocal-med/core';
import { oneVsRest, type OneVsRestReport } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { formatEstimate } from '../../tables/numberText.js';
import { html, type Markup } from '../html/html.js';
import { openSubject } from '../openSubject.js';
import { hasFindings, type PageModel, resampledUnits, resultsWith } from '../pageModel.js';
import { classCurve, type CurveKind } from './classCurve.js';
import { curvePlot } from './curvePlot.js';
import { placed, standaloneSvg, text } from './standaloneSvg.js';

/** What a figure of curves shows. */
export interface CurvesFigureOptions {
  /** Folders of tested runs. */
  readonly runs: readonly string[];
  readonly kind: CurveKind;
  /** Titles of the runs in the legend; default: the names of their models. */
  readonly titles?: readonly string[];
  /** Default: the best checkpoint, where there is one. */
  readonly weights?: WeightsChoice;
}

/**
 * ROC or precision-recall curves of runs as a standalone SVG for a paper: a plot for each finding, or for each class
 * against the rest (of two classes the second one), with the AUC or average precision of each run and its interval.
 * @throws InputError if a run has not been tested, or the runs have other classes or findings than the first one
 */
export async function curvesFigure({
  runs,
  kind,
  titles,
  weights,
}: CurvesFigureOptions): Promise<string> {
  const { models, choices } = await openSubject({ runs, weights });
  const [first] = models;
  const { classes } = first.runs[0].metrics;
  for (const [index, model] of models.entries())
    if (model.runs[0].metrics.classes.join('|') !== classes.join('|'))
      throw new InputError({
        path: runs[index],
        message: `has the classes or findings ${model.runs[0].metrics.classes.join(', ')}`,
        hint: `runs with those of ${runs[0]}: ${classes.join(', ')}`,
      });
  const ofFindings = hasFindings(models);
  const series = models.map((model, index): FigureSeries => ({
    model,
    title: titles?.[index] ?? model.title,
    style: {
      cssClass: `run-${index}`,
      color: COLORS[index % COLORS.length],
      dash: model.style.dash,
    },
  }));
  const shown = [...classes.keys()].slice(!ofFindings && classes.length === 2 ? 1 : 0);
  const panels = shown.map((classIndex) =>
    panel(series, { kind, weights: choices[0], classIndex, ofFindings }),
  );
  const note = `Intervals and bands: 95 %, by resampling ${resampledUnits(models)}.`;
  return layOut(panels, { series, note });
}

/** The colors of the page on white: those of Okabe and Ito (2008) without yellow. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#a8588a', '#b87f00', '#3a94c4', '#555b61'];

interface FigureSeries {
  readonly model: PageModel;
  readonly title: string;
  readonly style: PageModel['style'];
}

/** Sizes in pixels: of a plot, and of the lines of text above and below it. */
const [PLOT_WIDTH, PLOT_HEIGHT, HEADING, LINE, GAP] = [280, 278, 40, 17, 14];

const scores = { roc: ['auc', 'AUC'], 'precision-recall': ['averagePrecision', 'AP'] } as const;

/** The plot of a class or finding, with its name above and the numbers of each run below, from (0, 0) on. */
function panel(
  series: readonly FigureSeries[],
  {
    kind,
    weights,
    classIndex,
    ofFindings,
  }: { kind: CurveKind; weights: WeightsChoice; classIndex: number; ofFindings: boolean },
): Markup {
  const results = series.map(({ model }) => resultsWith(model.runs[0], weights));
  const reports = results.map(({ report }) => oneVsRest(report)[classIndex]);
  const [{ name, positives, samples }] = reports;
  const curves = series.flatMap(({ style }, index) => {
    const curve = classCurve(kind, [results[index].predictions], name);
    return curve === null ? [] : [{ style, curve }];
  });
  const label = `${kind === 'roc' ? 'ROC' : 'Precision-recall'} curve of ${name}`;
  const plot =
    curves.length === 0
      ? text({ x: 16, y: 40, value: 'Not defined: all test images, or none, are positive.' })
      : placed(
          curvePlot({ kind, series: curves, prevalence: positives / samples, label }),
          HEADING,
        );
  return html`${text({ x: 16, y: 16, value: ofFindings ? name : `${name} vs. rest`, bold: true })}
  ${text({ x: 16, y: 33, value: `${positives} of ${samples} test images` })}${plot}
  ${reports.map((report, index) =>
    score(report, { kind, series: series[index], y: HEADING + PLOT_HEIGHT + (index + 1) * LINE }),
  )}`;
}

/** The line of a run below a plot: a sample of its style, AUC or average precision, and the interval. */
function score(
  report: OneVsRestReport,
  { kind, series, y }: { kind: CurveKind; series: FigureSeries; y: number },
): Markup {
  const [metric, title] = scores[kind];
  return html`${sample(series, { x: 16, y })}
  ${text({ x: 52, y, value: `${title} ${formatEstimate(report[metric])}` })}`;
}

function layOut(
  panels: readonly Markup[],
  { series, note }: { readonly series: readonly FigureSeries[]; readonly note: string },
): string {
  const columns = Math.min(4, panels.length);
  const panelHeight = HEADING + PLOT_HEIGHT + series.length * LINE + GAP;
  const legendTop = Math.ceil(panels.length / columns) * panelHeight;
  const legend = series.length === 1 ? [] : series;
  const width = columns * (PLOT_WIDTH + GAP);
  const noteTop = legendTop + (legend.length + 1) * LINE;
  const height = noteTop + GAP;
  return standaloneSvg(
    { width, height },
    html`${panels.map(
      (one, index) =>
        html`<g
          transform="translate(${(index % columns) * (PLOT_WIDTH + GAP)} ${Math.floor(index / columns) * panelHeight})"
        >
          ${one}
        </g> `,
    )}
    ${legend.map((one, index) => {
      const y = legendTop + (index + 1) * LINE;
      return html`${sample(one, { x: 16, y })}${text({ x: 52, y, value: one.title })}`;
    })}
    ${text({ x: 16, y: noteTop, value: note })}`,
  );
}

function sample({ style }: FigureSeries, { x, y }: { x: number; y: number }): Markup {
  return html`<line
    x1="${x}"
    x2="${x + 30}"
    y1="${y - 4}"
    y2="${y - 4}"
    stroke="${style.color}"
    stroke-width="2"
    stroke-dasharray="${style.dash}"
  />`;
}
