import { areaY, line, type Markish, ruleY } from '@observablehq/plot';
import type { Markup } from '../html/html.js';
import type { Curve, CurveKind, CurvePoint } from './classCurve.js';
import { axis, plotSvg } from './plotSvg.js';
import { readerDots, type ReaderMark } from './readerMarks.js';
import type { SeriesStyle } from './seriesStyle.js';

/** The curves of several models for one class. */
export interface CurvePlotOptions {
  readonly kind: CurveKind;
  readonly series: readonly CurveSeries[];
  /** Fraction of the images that belong to the class or show the finding, which is the precision of random guessing. */
  readonly prevalence: number;
  /** Description of the plot for screen readers. */
  readonly label: string;
}

/** The curve of a model, or the operating points of readers, who have none. */
export interface CurveSeries {
  readonly style: SeriesStyle;
  readonly curve: Curve | null;
  readonly readers?: readonly ReaderMark[];
}

/** ROC or precision-recall plot of one class: bands, above them thin lines of repeats, above them the models' curves, and the readers. */
export function curvePlot({ kind, series, prevalence, label }: CurvePlotOptions): Markup {
  const curves = series.flatMap(({ style, curve }) => (curve === null ? [] : [{ style, curve }]));
  const [x, y] =
    kind === 'roc' ? ['False positive rate', 'True positive rate'] : ['Recall', 'Precision'];
  return plotSvg(
    {
      x: axis(x, [0, 1]),
      y: axis(y, [0, 1], { grid: true }),
      r: { type: 'identity' },
      opacity: { type: 'identity' },
      symbol: { type: 'identity' },
      marks: [
        kind === 'roc' ? diagonal() : ruleY([prevalence], chanceStyle),
        ...curves.map(band),
        ...curves.flatMap(repeatLines),
        ...curves.map((model) => modelLine(model, kind)),
        ...series.map(({ readers = [], style }) => readerDots(readers, style)),
      ],
    },
    label,
  );
}

type DrawnCurve = Pick<CurveSeries, 'style'> & { readonly curve: Curve };

const chanceStyle = { stroke: 'currentColor', strokeOpacity: 0.45, strokeWidth: 1 } as const;

/** The diagonal of the unit square. */
export function diagonal(): Markish {
  return line(
    [
      [0, 0],
      [1, 1],
    ],
    chanceStyle,
  );
}

function band({ style, curve }: DrawnCurve): Markish {
  return areaY(curve.band, {
    x: 'x',
    y1: 'lower',
    y2: 'upper',
    fill: style.color,
    fillOpacity: 0.16,
    className: `${style.cssClass}-detail`,
  });
}

function repeatLines({ style, curve }: DrawnCurve): Markish[] {
  return curve.repeats.map((repeat) =>
    line(repeat as CurvePoint[], {
      stroke: style.color,
      strokeOpacity: 0.45,
      strokeWidth: 0.75,
      className: `${style.cssClass}-detail`,
    }),
  );
}

/** The precision of a single run is a step function of recall; means over repeats are interpolated. */
function modelLine({ style, curve }: DrawnCurve, kind: CurveKind): Markish {
  return line(curve.line as CurvePoint[], {
    stroke: style.color,
    strokeWidth: 2,
    strokeDasharray: style.dash,
    curve: kind === 'precision-recall' && curve.repeats.length === 0 ? 'step-before' : 'linear',
    className: style.cssClass,
  });
}
