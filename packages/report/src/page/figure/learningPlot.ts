import type { LoggedEpoch } from '@nonlocal-med/runs';
import { dot, line } from '@observablehq/plot';
import type { Markup } from '../html/markup.js';
import { plotSvg } from './plotSvg.js';
import type { SeriesStyle } from './seriesStyle.js';

/** One run's epochs and where its weights were chosen. */
export interface LearningRun {
  readonly epochs: readonly LoggedEpoch[];
  readonly selectedEpoch: number | null;
}

/** What a learning plot shows and how far its axes go, so that plots of several models share them. */
export interface LearningPlotOptions {
  readonly quantity: 'loss' | 'auc';
  readonly style: SeriesStyle;
  readonly epochs: number;
  readonly range: readonly [number, number];
  readonly label: string;
}

type Point = readonly [epoch: number, value: number];

/** Loss of both sides, or the validation AUC, by epoch: one line a repeat (a dot where there is one epoch), a ring at the chosen epoch. */
export function learningPlot(
  runs: readonly LearningRun[],
  { quantity, style, epochs, range, label }: LearningPlotOptions,
): Markup {
  const training =
    quantity === 'loss'
      ? runs.map((run) => run.epochs.map(({ epoch, trainLoss }): Point => [epoch, trainLoss]))
      : [];
  const validation = runs.map((run) => validationPoints(run.epochs, quantity));
  const chosen = runs.flatMap(({ selectedEpoch }, index) =>
    validation[index].filter(([epoch]) => epoch === selectedEpoch),
  );
  const opacity = runs.length > 1 ? 0.75 : 1;
  return plotSvg(
    {
      width: 280,
      height: 200,
      marginLeft: 44,
      marginBottom: 42,
      marginTop: 14,
      marginRight: 14,
      x: {
        domain: [1, Math.max(2, epochs)],
        label: 'Epoch',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: Math.min(6, Math.max(1, epochs - 1)),
        tickFormat: 'd',
      },
      y: {
        domain: range as [number, number],
        label: quantity === 'loss' ? 'Loss' : 'Validation AUC',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        grid: true,
      },
      marks: [
        ...training.map((points) =>
          line(points, { stroke: style.color, strokeWidth: 1.5, strokeOpacity: opacity }),
        ),
        ...validation.map((points) =>
          line(points, {
            stroke: style.color,
            strokeWidth: 1.5,
            strokeOpacity: opacity,
            strokeDasharray: quantity === 'loss' ? '5 3' : 'none',
          }),
        ),
        ...[...training, ...validation]
          .filter(({ length }) => length === 1)
          .map((points) =>
            dot(points, { x: '0', y: '1', r: 2.5, fill: style.color, fillOpacity: opacity }),
          ),
        dot(chosen, {
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

function validationPoints(epochs: readonly LoggedEpoch[], quantity: 'loss' | 'auc'): Point[] {
  return epochs.flatMap(({ epoch, validation }) => {
    const value = validation?.[quantity];
    return typeof value === 'number' ? [[epoch, value] as const] : [];
  });
}
