import { areaY, line, ruleY } from '@observablehq/plot';
import type { Markup } from '../html/markup.js';
import type { CurveKind } from './classCurve.js';
import type { Curve, CurvePoint } from './curve.js';
import { plotSvg } from './plotSvg.js';
import type { SeriesStyle } from './seriesStyle.js';

/** Models' curves for one class. */
export interface CurvePlotOptions {
  readonly kind: CurveKind;
  readonly series: readonly { readonly style: SeriesStyle; readonly curve: Curve }[];
  /** Share of the images that are of the class: what precision is by chance. */
  readonly prevalence: number;
  readonly label: string;
}

/** ROC or precision-recall plot of one class; bands below, each repeat's line thin, the models' lines on top. */
export function curvePlot({ kind, series, prevalence, label }: CurvePlotOptions): Markup {
  const step = kind === 'roc' ? 'linear' : ('step-before' as const);
  const chance =
    kind === 'roc'
      ? line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: 'currentColor', strokeOpacity: 0.45, strokeWidth: 1 },
        )
      : ruleY([prevalence], { stroke: 'currentColor', strokeOpacity: 0.45 });
  const [x, y] =
    kind === 'roc' ? ['False positive rate', 'True positive rate'] : ['Recall', 'Precision'];
  return plotSvg(
    {
      width: 280,
      height: 278,
      marginLeft: 44,
      marginBottom: 42,
      marginTop: 14,
      marginRight: 12,
      x: { domain: [0, 1], label: x, labelAnchor: 'center', labelArrow: 'none', ticks: 5 },
      y: {
        domain: [0, 1],
        label: y,
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        grid: true,
      },
      marks: [
        chance,
        ...series.map(({ style, curve }) =>
          areaY(curve.band, {
            x: 'x',
            y1: 'lower',
            y2: 'upper',
            fill: style.color,
            fillOpacity: 0.16,
            className: `${style.className}-detail`,
          }),
        ),
        ...series.flatMap(({ style, curve }) =>
          curve.repeats.map((repeat) =>
            line(repeat as CurvePoint[], {
              stroke: style.color,
              strokeOpacity: 0.45,
              strokeWidth: 0.75,
              className: `${style.className}-detail`,
            }),
          ),
        ),
        ...series.map(({ style, curve }) =>
          line(curve.line as CurvePoint[], {
            stroke: style.color,
            strokeWidth: 2,
            strokeDasharray: style.dash,
            curve: curve.repeats.length === 0 ? step : 'linear',
            className: style.className,
          }),
        ),
      ],
    },
    label,
  );
}
