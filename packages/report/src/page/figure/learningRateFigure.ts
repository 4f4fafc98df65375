import { dot, line, ruleX } from '@observablehq/plot';
import { html } from '../html/html.js';
import { axis, plotSvg } from './plotSvg.js';
import { placed, standaloneSvg, text } from './standaloneSvg.js';

/** A learning rate test, as `findLearningRate` of `@nonlocal-med/train` returns it. */
export interface TestedLearningRates {
  readonly points: readonly {
    readonly learningRate: number;
    readonly loss: number;
    readonly smoothedLoss: number;
  }[];
  readonly suggestion: number | null;
}

/** Size in pixels: of the plot, and of the lines above it. */
const [WIDTH, HEIGHT, HEADING] = [560, 360, 46];

/**
 * The loss over the learning rate as a standalone SVG: each step as a dot, their moving average as a line, and the suggested
 * learning rate. Losses far above the first one are cut off.
 */
export function learningRateFigure({ points, suggestion }: TestedLearningRates): string {
  const averages = points.map(({ smoothedLoss }) => smoothedLoss);
  const [lowest, first] = [Math.min(...averages), averages[0]];
  const margin = Math.max(0.3 * (first - lowest), 0.02 * first);
  const plot = plotSvg(
    {
      width: WIDTH,
      height: HEIGHT,
      marginLeft: 52,
      marginRight: 20,
      x: axis('Learning rate', [points[0].learningRate, points.at(-1)!.learningRate], {
        type: 'log',
        tickFormat: (rate: number) =>
          rate < 1 ? rate.toExponential(0).replace('e-', 'e−') : String(rate),
      }),
      y: axis('Training loss', [Math.max(0, lowest - margin), first + 2 * margin], { grid: true }),
      marks: [
        dot(points, {
          x: 'learningRate',
          y: 'loss',
          r: 2,
          fill: '#0072b2',
          fillOpacity: 0.4,
          clip: true,
        }),
        line(points, {
          x: 'learningRate',
          y: 'smoothedLoss',
          stroke: '#0072b2',
          strokeWidth: 2,
          clip: true,
        }),
        ...(suggestion === null
          ? []
          : [ruleX([suggestion], { stroke: '#d55e00', strokeDasharray: '5 3' })]),
      ],
    },
    'Training loss over the learning rate',
  );
  const found =
    suggestion === null
      ? 'The loss does not clearly fall at any of them.'
      : `The loss falls fastest at ${suggestion.toPrecision(2)} (dashed line).`;
  return standaloneSvg(
    { width: WIDTH, height: HEADING + HEIGHT + 8 },
    html`${text({ x: 16, y: 18, value: 'Learning rate test', bold: true })}
    ${text({ x: 16, y: 36, value: `${found} Dots: steps; line: moving average.` })}
    ${placed(plot, HEADING)}`,
  );
}
