import {
  calibration,
  labeledPredictions,
  type ReliabilityBin,
  wilsonInterval,
} from '@nonlocal-med/metrics';
import { dot, line, ruleX } from '@observablehq/plot';
import type { Markup } from '../html/html.js';
import type { RunResults } from '../pageModel.js';
import { diagonal } from './curvePlot.js';
import { axis, plotSvg } from './plotSvg.js';
import type { SeriesStyle } from './seriesStyle.js';

/** Number of confidence bins in a diagram. */
const BINS = 10;

/** One bin of one repeat. */
export interface ReliabilityPoint {
  /** Mean confidence of the bin's predictions, or mean probability of the finding. */
  readonly confidence: number;
  /** Fraction of them that are correct, or of images with the finding, with its 95 % interval (Wilson). */
  readonly accuracy: number;
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/**
 * The bins of a reliability diagram of equal width, without the empty ones: ten of the confidence in the predicted class, or
 * those of the probability of one finding in the run's report.
 * @param finding its index; left out for classes
 */
export function reliabilityPoints(
  { predictions, report }: RunResults,
  finding?: number,
): ReliabilityPoint[] {
  return binsOf({ predictions, report }, finding).flatMap(({ count, confidence, accuracy }) => {
    if (confidence === null || accuracy === null) return [];
    const { lower, upper } = wilsonInterval(Math.round(accuracy * count), count)!;
    return [{ confidence, accuracy, lower, upper, count }];
  });
}

function binsOf(
  { predictions, report }: RunResults,
  finding: number | undefined,
): readonly ReliabilityBin[] {
  if ('findings' in report) return report.perFinding[finding!].calibration.bins;
  const { labels, probabilities } = labeledPredictions(predictions);
  return calibration(labels, probabilities, { bins: BINS }).bins;
}

/** Reliability diagram of one model: one line per repeat, with dots whose area is proportional to the bin's images. */
export function reliabilityPlot(
  repeats: readonly (readonly ReliabilityPoint[])[],
  {
    style,
    label,
    axes: [x, y],
  }: { style: SeriesStyle; label: string; axes: readonly [x: string, y: string] },
): Markup {
  const isSingle = repeats.length === 1;
  const largest = Math.max(1, ...repeats.flat().map(({ count }) => count));
  return plotSvg(
    {
      x: axis(x, [0, 1]),
      y: axis(y, [0, 1], { grid: true }),
      r: { type: 'sqrt', domain: [0, largest], range: [0, 8] },
      marks: [
        diagonal(),
        ...(isSingle
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
            strokeWidth: isSingle ? 1.5 : 1,
            strokeOpacity: isSingle ? 1 : 0.7,
            strokeDasharray: style.dash,
          }),
        ),
        ...repeats.map((points) =>
          dot(points, {
            x: 'confidence',
            y: 'accuracy',
            r: 'count',
            fill: style.color,
            fillOpacity: isSingle ? 0.9 : 0.55,
          }),
        ),
      ],
    },
    label,
  );
}
