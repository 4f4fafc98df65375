import type { DecisionCurvePoint } from '@nonlocal-med/metrics';
import { areaY, line, ruleY } from '@observablehq/plot';
import type { Markup } from '../html/html.js';
import { axis, plotSvg } from './plotSvg.js';
import type { SeriesStyle } from './seriesStyle.js';

/** The decision curve of a model, with its band if it was trained once. */
export interface NetBenefitSeries {
  readonly style: SeriesStyle;
  readonly points: readonly DecisionCurvePoint[];
  readonly hasBand: boolean;
}

/** Net benefit over threshold probabilities: models, treating everybody (dotted) and nobody (the line at 0). */
export function netBenefitPlot(
  series: readonly NetBenefitSeries[],
  { prevalence, label }: { readonly prevalence: number; readonly label: string },
): Markup {
  const lowest = -0.15 * prevalence;
  const highest = 1.05 * prevalence;
  const visible = (value: number | null): number =>
    Math.min(Math.max(value ?? lowest, lowest), highest);
  const all = series[0].points
    .map(({ threshold, treatAll }) => ({ threshold, benefit: treatAll.estimate ?? lowest }))
    .filter(({ benefit }) => benefit >= lowest);
  return plotSvg(
    {
      x: axis('Threshold probability', [0, 1]),
      y: axis('Net benefit', [lowest, highest], { grid: true }),
      marks: [
        ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.45 }),
        line(all, {
          x: 'threshold',
          y: 'benefit',
          stroke: 'currentColor',
          strokeOpacity: 0.6,
          strokeDasharray: '1 3',
        }),
        ...series
          .filter(({ hasBand }) => hasBand)
          .map(({ style, points }) =>
            areaY(
              points.map(({ threshold, model }) => ({
                threshold,
                lower: visible(model.lower),
                upper: visible(model.upper),
              })),
              {
                x: 'threshold',
                y1: 'lower',
                y2: 'upper',
                fill: style.color,
                fillOpacity: 0.16,
                className: `${style.cssClass}-detail`,
              },
            ),
          ),
        ...series.map(({ style, points }) =>
          line(
            points.map(({ threshold, model }) => ({ threshold, benefit: visible(model.estimate) })),
            {
              x: 'threshold',
              y: 'benefit',
              stroke: style.color,
              strokeWidth: 2,
              strokeDasharray: style.dash,
              className: style.cssClass,
            },
          ),
        ),
      ],
    },
    label,
  );
}
