import type { LoggedEpoch } from '@nonlocal-med/runs';
import { dot, line } from '@observablehq/plot';
import type { Markup } from '../html/html.js';
import { axis, plotSvg } from './plotSvg.js';
import type { SeriesStyle } from './seriesStyle.js';

/** The epochs of a run, and the epoch of its best checkpoint. */
export interface LearningRun {
  readonly epochs: readonly LoggedEpoch[];
  readonly selectedEpoch: number | null;
}

/** What a learning plot shows; the plots of all models have the same ranges. */
export interface LearningPlotOptions {
  readonly quantity: 'loss' | 'auc';
  readonly style: SeriesStyle;
  /** Last epoch of the axis. */
  readonly epochs: number;
  readonly range: readonly [number, number];
  /** Description of the plot for screen readers. */
  readonly label: string;
}

type Point = readonly [epoch: number, value: number];

/**
 * Training and validation loss, or validation AUC, by epoch: one line per repeat, a dot for a run of a single epoch, and
 * a ring at the best checkpoint.
 */
export function learningPlot(
  runs: readonly LearningRun[],
  { quantity, style, epochs, range, label }: LearningPlotOptions,
): Markup {
  const isLoss = quantity === 'loss';
  const training = isLoss ? runs.map(({ epochs: records }) => records.map(trainLossPoint)) : [];
  const validation = runs.map((run) => validationPoints(run.epochs, quantity));
  const best = runs.flatMap(({ selectedEpoch }, index) =>
    validation[index].filter(([epoch]) => epoch === selectedEpoch),
  );
  const opacity = runs.length > 1 ? 0.75 : 1;
  const lineStyle = { stroke: style.color, strokeWidth: 1.5, strokeOpacity: opacity };
  return plotSvg(
    {
      height: 200,
      marginRight: 14,
      x: axis('Epoch', [1, Math.max(2, epochs)], {
        ticks: Math.min(6, Math.max(1, epochs - 1)),
        tickFormat: 'd',
      }),
      y: axis(isLoss ? 'Loss' : 'Validation AUC', range, { grid: true }),
      marks: [
        ...training.map((points) => line(points, lineStyle)),
        ...validation.map((points) =>
          line(points, { ...lineStyle, strokeDasharray: isLoss ? '5 3' : 'none' }),
        ),
        ...[...training, ...validation]
          .filter(({ length }) => length === 1)
          .map((points) =>
            dot(points, { x: '0', y: '1', r: 2.5, fill: style.color, fillOpacity: opacity }),
          ),
        dot(best, {
          x: '0',
          y: '1',
          r: 4,
          stroke: style.color,
          strokeWidth: 2,
          fill: 'var(--paper)',
        }),
      ],
    },
    label,
  );
}

const trainLossPoint = ({ epoch, trainLoss }: LoggedEpoch): Point => [epoch, trainLoss];

function validationPoints(epochs: readonly LoggedEpoch[], quantity: 'loss' | 'auc'): Point[] {
  return epochs.flatMap(({ epoch, validation }) => {
    const value = validation?.[quantity];
    return typeof value === 'number' ? [[epoch, value] as const] : [];
  });
}
