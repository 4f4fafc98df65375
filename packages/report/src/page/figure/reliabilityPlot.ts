import { dot, line, ruleX } from '@observablehq/plot';
import type { Markup } from '../html/markup.js';
import { plotSvg } from './plotSvg.js';
import type { ReliabilityPoint } from './reliabilityPoints.js';
import type { SeriesStyle } from './seriesStyle.js';

/** Reliability diagram of one model; each repeat is a line of dots as large as their bins are full. */
export function reliabilityPlot(
  repeats: readonly (readonly ReliabilityPoint[])[],
  { style, label }: { style: SeriesStyle; label: string },
): Markup {
  const single = repeats.length === 1;
  const most = Math.max(1, ...repeats.flat().map(({ count }) => count));
  return plotSvg(
    {
      width: 280,
      height: 278,
      marginLeft: 44,
      marginBottom: 42,
      marginTop: 14,
      marginRight: 12,
      x: {
        domain: [0, 1],
        label: 'Confidence',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
      },
      y: {
        domain: [0, 1],
        label: 'Share right',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        grid: true,
      },
      r: { type: 'sqrt', domain: [0, most], range: [0, 8] },
      marks: [
        line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: 'currentColor', strokeOpacity: 0.45, strokeWidth: 1 },
        ),
        ...(single
          ? [
              ruleX(repeats[0], {
                x: 'confidence',
                y1: 'lower',
                y2: 'upper',
                stroke: style.color,
                strokeOpacity: 0.6,
              }),
            ]
          : []),
        ...repeats.map((points) =>
          line(points, {
            x: 'confidence',
            y: 'accuracy',
            stroke: style.color,
            strokeWidth: single ? 1.5 : 1,
            strokeOpacity: single ? 1 : 0.7,
            strokeDasharray: style.dash,
          }),
        ),
        ...repeats.map((points) =>
          dot(points, {
            x: 'confidence',
            y: 'accuracy',
            r: 'count',
            fill: style.color,
            fillOpacity: single ? 0.9 : 0.55,
          }),
        ),
      ],
    },
    label,
  );
}
